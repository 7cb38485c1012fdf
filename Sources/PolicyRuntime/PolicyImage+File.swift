#if !hasFeature(Embedded)
    public import PolicyFormat

    #if canImport(Glibc)
        import Glibc
    #elseif canImport(Musl)
        import Musl
    #elseif canImport(Darwin)
        import Darwin
    #endif

    extension PolicyImage {
        /// Reads and verifies the image in a file.
        ///
        /// - Throws: ``FormatError`` with the code `unreadable-file` if the file cannot be read, and
        ///   with any other if it is not an image that this release can use.
        public static func load(file: String) throws(FormatError) -> PolicyImage {
            let descriptor = unsafe open(file, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { throw .unreadable(file, reason(errno)) }
            defer { close(descriptor) }
            var status = stat()
            guard unsafe fstat(descriptor, &status) == 0 else {
                throw .unreadable(file, reason(errno))
            }
            guard status.st_mode & S_IFMT == S_IFREG else {
                throw .unreadable(file, "not a file")
            }
            guard status.st_size <= ImageLimits.imageBytes else {
                throw .tooLarge(Int(status.st_size))
            }
            let count = Int(status.st_size)
            let memory = UnsafeMutableRawBufferPointer.allocate(
                byteCount: count, alignment: ImageFormat.alignment)
            var filled = 0
            while filled < count {
                // At most what is left of the memory is read into the rest of it.
                let got = unsafe read(
                    descriptor, memory.baseAddress.map { unsafe $0 + filled }, count - filled)
                if got < 0, errno == EINTR { continue }
                guard got > 0 else {
                    unsafe memory.deallocate()
                    throw got < 0 ? .unreadable(file, reason(errno)) : .truncated(filled)
                }
                filled += got
            }
            return try unsafe PolicyImage(adopting: memory)
        }

        private static func reason(_ code: Int32) -> String {
            // `strerror` never returns null, and its text is copied at once.
            unsafe String(cString: strerror(code))
        }
    }
#endif
