internal import Glibc

/// Work for a thread of its own.
final class ParallelWork<Value: Sendable>: @unchecked Sendable {
    // INVARIANT: `result` is written by the thread alone, and read after it was joined.
    private let body: @Sendable () -> Value
    private var result: Value?
    private var thread: pthread_t?

    /// The stack of the thread in bytes, as much as a main thread has: policies may nest deeply.
    private static var stackBytes: Int { 8 << 20 }

    /// Starts the work; if the system has no thread left, ``value`` does it.
    init(_ work: @escaping @Sendable () -> Value) {
        body = work
        var attributes = pthread_attr_t()
        guard pthread_attr_init(&attributes) == 0 else { return }
        defer { pthread_attr_destroy(&attributes) }
        guard pthread_attr_setstacksize(&attributes, Self.stackBytes) == 0 else { return }
        var started = pthread_t()
        let own = Unmanaged.passRetained(self as AnyObject)
        let status = pthread_create(
            &started, &attributes,
            { pointer in
                guard let pointer else { return nil }
                let work = Unmanaged<AnyObject>.fromOpaque(pointer).takeRetainedValue()
                (work as? any Workable)?.work()
                return nil
            }, own.toOpaque())
        if status == 0 { thread = started } else { own.release() }
    }

    /// What the work came to; waits for it.
    var value: Value {
        if let thread { pthread_join(thread, nil) }
        thread = nil
        return result ?? body()
    }
}

/// What a thread that knows nothing of values can do with its work.
private protocol Workable: AnyObject {
    func work()
}

extension ParallelWork: Workable {
    fileprivate func work() { result = body() }
}
