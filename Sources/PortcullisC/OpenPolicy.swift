// The functions are named and documented in portcullis.h.
// swift-format-ignore-file: AlwaysUseLowerCamelCase, AllPublicDeclarationsHaveDocumentation

public import CPortcullis
import PolicyRuntime

// What a `portcullis_policy *` points to: the restrictions of the policy on one version of Python,
// in memory of their own, so that a decision reads them in place and counts no references.
typealias OpenPolicy = UnsafeMutablePointer<Restrictions>

/// The restrictions behind a handle.
@inline(__always)
func restrictions(_ policy: OpaquePointer?) -> UnsafePointer<Restrictions>? {
    policy.map { UnsafePointer($0) }
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
        let open = OpenPolicy.allocate(capacity: 1)
        open.initialize(to: restrictions)
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
    let open = OpenPolicy(policy)
    open.deinitialize(count: 1)
    open.deallocate()
}
