import Glibc

/// Runs a program to its end, or to the end of a time limit.
struct ChildProcess {
    /// What a program left behind.
    struct Result {
        var output: [UInt8] = []
        var errors: [UInt8] = []
        /// As `waitpid` tells it.
        var status: Int32 = 0

        var succeeded: Bool { status == 0 }
    }

    /// Why there is no result.
    enum Failure: Error {
        case notStarted(String)
        case timedOut
        case tooMuchOutput
    }

    /// How much a program may write before it is ended.
    static let outputLimit = 1 << 20

    /// How often a program that is being written is tried, 10 ms apart.
    static let busyAttempts = 100

    var path: String
    var arguments: [String]
    var environment: [String: String]
    var milliseconds: Int

    func run() throws(Failure) -> Result {
        var (output, errors) = (Pipe(), Pipe())
        guard output.open(), errors.open() else { throw .notStarted(Self.reason(errno)) }
        defer {
            output.close()
            errors.close()
        }
        let process = try start(output: output.writing, errors: errors.writing)
        output.closeWriting()
        errors.closeWriting()
        var result = Result()
        let failure = collect(from: output.reading, errors.reading, into: &result)
        if failure != nil { kill(process, SIGKILL) }
        while waitpid(process, &result.status, 0) < 0, errno == EINTR {}
        if let failure { throw failure }
        return result
    }

    private func start(output: Int32, errors: Int32) throws(Failure) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        posix_spawn_file_actions_adddup2(&actions, errors, 2)
        var words = ([path] + arguments).map { strdup($0) } + [nil]
        var variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { (words + variables).forEach { free($0) } }
        var process: pid_t = 0
        var code: Int32 = 0
        for _ in 0..<Self.busyAttempts {
            code = posix_spawn(&process, path, &actions, nil, &words, &variables)
            // A program that was written a moment ago may still be held open by a child that
            // another thread has just forked.
            guard code == ETXTBSY else { break }
            usleep(10_000)
        }
        guard code == 0 else { throw .notStarted(Self.reason(code)) }
        return process
    }

    /// Reads both until they end; what went wrong if they do not.
    private func collect(
        from output: Int32, _ errors: Int32, into result: inout Result
    ) -> Failure? {
        let deadline = Self.now() + milliseconds
        var sources = [pollfd(fd: output, events: Int16(POLLIN), revents: 0)]
        sources.append(pollfd(fd: errors, events: Int16(POLLIN), revents: 0))
        var chunk = [UInt8](repeating: 0, count: 4096)
        while sources.contains(where: { $0.fd >= 0 }) {
            let left = deadline - Self.now()
            guard left > 0 else { return .timedOut }
            if poll(&sources, nfds_t(sources.count), Int32(left)) < 0, errno != EINTR {
                return .notStarted(Self.reason(errno))
            }
            for index in sources.indices where sources[index].revents != 0 {
                let count = read(sources[index].fd, &chunk, chunk.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else {
                    sources[index].fd = -1
                    sources[index].revents = 0
                    continue
                }
                if index == 0 {
                    result.output += chunk[..<count]
                } else {
                    result.errors += chunk[..<count]
                }
            }
            if result.output.count + result.errors.count > Self.outputLimit {
                return .tooMuchOutput
            }
        }
        return nil
    }

    private static func now() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
    }

    private static func reason(_ code: Int32) -> String { String(cString: strerror(code)) }
}

/// Two ends of a pipe that no other child inherits.
private struct Pipe {
    var reading: Int32 = -1
    var writing: Int32 = -1

    mutating func open() -> Bool {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return false }
        // `pipe2` is hidden from Swift; a child that starts in between merely delays the end.
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        (reading, writing) = (ends[0], ends[1])
        return true
    }

    mutating func closeWriting() {
        if writing >= 0 { Glibc.close(writing) }
        writing = -1
    }

    mutating func close() {
        closeWriting()
        if reading >= 0 { Glibc.close(reading) }
        reading = -1
    }
}
