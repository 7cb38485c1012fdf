// The functions are named and documented in portcullis.h.
// swift-format-ignore-file: AlwaysUseLowerCamelCase, AllPublicDeclarationsHaveDocumentation

public import CPortcullis
import PolicyRuntime

/// What a `portcullis_policy *` points to.
struct OpenPolicy {
    /// What the policy says on one version of Python.
    let restrictions: Restrictions
    /// The matchers of members and of modules, each in memory of its own: a decision reads them in
    /// place and counts no references, which threads would wait for each other to do.
    let matchers: UnsafeMutablePointer<Matcher>

    init(_ restrictions: Restrictions) {
        self.restrictions = restrictions
        matchers = .allocate(capacity: 2)
        matchers.initialize(to: restrictions.members)
        (matchers + 1).initialize(to: restrictions.modules)
    }

    /// Frees what the policy holds.
    func close() {
        matchers.deinitialize(count: 2)
        matchers.deallocate()
    }
}

/// The policy behind a handle.
@inline(__always)
func opened(_ policy: OpaquePointer?) -> UnsafePointer<OpenPolicy>? {
    policy.map { UnsafePointer($0) }
}

/// The restrictions behind a handle.
@inline(__always)
func restrictions(_ policy: OpaquePointer?) -> Restrictions? {
    opened(policy)?.pointee.restrictions
}

@c @implementation
public func portcullis_version() -> UnsafePointer<CChar>? {
    let text: StaticString = "0.1.0"
    return UnsafeRawPointer(text.utf8Start).assumingMemoryBound(to: CChar.self)
}

@c @implementation
public func portcullis_open_file(
    _ path: UnsafePointer<CChar>?, _ major: Int32, _ minor: Int32,
    _ policy: UnsafeMutablePointer<OpaquePointer?>?,
    _ error: UnsafeMutablePointer<portcullis_error>?
) -> portcullis_status {
    policy?.pointee = nil
    guard let path else { return report(.argument("the path is null"), error) }
    var bytes: UnsafeMutableRawPointer?
    var count = 0
    let reason = pc_read_file(path, UInt64(PolicyImage.largestByteCount), &bytes, &count)
    guard reason == 0 else { return report(.file(path, reason), error) }
    defer { pc_free(bytes) }
    return portcullis_open_bytes(bytes, count, major, minor, policy, error)
}

@c @implementation
public func portcullis_open_bytes(
    _ bytes: UnsafeRawPointer?, _ count: Int, _ major: Int32, _ minor: Int32,
    _ policy: UnsafeMutablePointer<OpaquePointer?>?,
    _ error: UnsafeMutablePointer<portcullis_error>?
) -> portcullis_status {
    policy?.pointee = nil
    guard let policy else { return report(.argument("there is no place for the policy"), error) }
    guard let bytes else { return report(.argument("the bytes are null"), error) }
    guard (0...255).contains(major), (0...255).contains(minor) else {
        return report(.argument("\(major).\(minor) is no version of Python"), error)
    }
    // A count beyond those of signed numbers arrives as a negative one.
    guard count >= 0 else { return report(.argument("there cannot be so many bytes"), error) }
    do {
        let image = try PolicyImage(copying: UnsafeRawBufferPointer(start: bytes, count: count))
        let restrictions = try image.restrictions(for: (Int(major), Int(minor)))
        let open = UnsafeMutablePointer<OpenPolicy>.allocate(capacity: 1)
        open.initialize(to: OpenPolicy(restrictions))
        policy.pointee = OpaquePointer(open)
        return report(nil, error)
    } catch let fault {
        let number = PolicyImage.number(of: fault)
        return report(OpeningFault(number, PolicyImage.reason(of: fault)), error)
    }
}

@c @implementation
public func portcullis_close(_ policy: OpaquePointer?) {
    guard let policy else { return }
    let open = UnsafeMutablePointer<OpenPolicy>(policy)
    open.pointee.close()
    open.deinitialize(count: 1)
    open.deallocate()
}
