public import PolicyFormat

/// A verified policy image.
///
/// The bytes are always copied into memory of the image's own before they are verified: a mapped
/// file can change after it was looked at, and a copy of the largest real policy costs less than
/// the start of a Python interpreter.
@safe public final class PolicyImage: Sendable {
    // INVARIANT: written by `init` only, before the image is shared; freed by `deinit` only.
    nonisolated(unsafe) private let memory: UnsafeMutableRawBufferPointer
    /// The verified tables inside `memory`.
    @usableFromInline let tables: ImageTables

    /// Verifies a copy of `bytes`.
    ///
    /// - Throws: ``FormatError`` if the bytes are not an image that this release can use.
    public convenience init(copying bytes: UnsafeRawBufferPointer) throws(FormatError) {
        guard bytes.count <= ImageLimits.imageBytes else { throw .tooLarge(bytes.count) }
        // The memory is as large as what is copied into it, and aligned for every record.
        let memory = UnsafeMutableRawBufferPointer.allocate(
            byteCount: bytes.count, alignment: ImageFormat.alignment)
        unsafe memory.copyMemory(from: bytes)
        try unsafe self.init(adopting: memory)
    }

    /// Verifies a copy of `bytes`.
    ///
    /// - Throws: ``FormatError`` if the bytes are not an image that this release can use.
    public convenience init(copying bytes: [UInt8]) throws(FormatError) {
        let memory = UnsafeMutableRawBufferPointer.allocate(
            byteCount: bytes.count, alignment: ImageFormat.alignment)
        // The memory is as large as the array that is copied into it.
        unsafe memory.copyBytes(from: bytes)
        try unsafe self.init(adopting: memory)
    }

    /// Takes over memory that was allocated for this image alone, and verifies it.
    @unsafe init(adopting memory: UnsafeMutableRawBufferPointer) throws(FormatError) {
        do {
            unsafe tables = try ImageVerifier.verify(UnsafeRawBufferPointer(memory))
            unsafe self.memory = unsafe memory
        } catch {
            unsafe memory.deallocate()
            throw error
        }
    }

    deinit {
        // Nothing else frees it, and nobody refers to the image any more.
        unsafe memory.deallocate()
    }

    /// The most bytes that an image can have.
    public static var largestByteCount: Int { ImageLimits.imageBytes }

    /// The version of the image's layout.
    public var formatVersion: UInt32 { ImageFormat.version }

    /// The name of the policy.
    public var name: String { string(unsafe tables.name) ?? "" }

    /// How many rules there are.
    public var ruleCount: Int { unsafe tables.ruleCount }

    /// How many cells the double array has.
    public var cellCount: Int { unsafe tables.cellCount }

    /// The size of the image in bytes.
    public var byteCount: Int { unsafe memory.count }

    /// Calls `body` with the verified bytes, which are gone when it returns.
    public func withBytes<Value>(_ body: (UnsafeRawBufferPointer) -> Value) -> Value {
        unsafe body(UnsafeRawBufferPointer(memory))
    }

    /// The text at `reference` in the pool of strings; nil for the empty one.
    ///
    /// INVARIANT: the verifier has checked every reference that an image holds.
    func string(_ reference: UInt32) -> String? {
        let offset = Int(reference)
        guard reference != 0, unsafe offset + 2 <= tables.poolBytes else { return nil }
        // The guard proves that the two bytes of the length are inside the pool.
        let length = unsafe Int(
            UInt16(littleEndian: tables.pool.loadUnaligned(fromByteOffset: offset, as: UInt16.self))
        )
        guard unsafe offset + 2 + length <= tables.poolBytes else { return nil }
        // The guard proves that the text is inside the pool.
        return unsafe String(
            decoding: UnsafeRawBufferPointer(start: tables.pool + offset + 2, count: length),
            as: UTF8.self)
    }
}
