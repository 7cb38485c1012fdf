import Testing

@testable import PythonHost

@Suite struct InterpreterDescriptionTests {
    private let scratch: ScratchFolder

    init() throws { scratch = try ScratchFolder() }

    private func ask(_ path: String, patience: Int = 20_000) throws -> InterpreterDescription {
        try InterpreterDescription.asking(
            path, environment: ["PATH": "/usr/bin:/bin"], patience: patience)
    }

    private func fault(of path: String, patience: Int = 20_000) -> PythonHostError? {
        #expect(throws: PythonHostError.self) { try ask(path, patience: patience) }
    }

    @Test func noiseBeforeTheAnswerIsPassedOver() throws {
        let description = try ask(try scratch.writeInterpreter("python3"))
        #expect(description.release == PythonRelease(major: 3, minor: 11))
    }

    @Test(arguments: [[2, 7, 18], [3, 6, 15], [3, 9, 18]])
    func anOldOneIsRefused(version: [Int]) throws {
        let fault = fault(of: try scratch.writeInterpreter("python3", version: version))
        let text = version.map(String.init).joined(separator: ".")
        #expect(fault?.code == .interpreterTooOld)
        #expect(fault?.message.contains("is python \(text): name one that is 3.10") == true)
    }

    @Test func anotherImplementationIsRefused() throws {
        let fault = fault(of: try scratch.writeInterpreter("python3", implementation: "PyPy"))
        #expect(fault?.code == .interpreterUnsupported)
        #expect(fault?.message.contains("PyPy") == true)
    }

    @Test func aFreeThreadedBuildIsRefused() throws {
        let fault = fault(of: try scratch.writeInterpreter("python3", freeThreaded: true))
        #expect(fault?.code == .interpreterUnsupported)
    }

    @Test(arguments: [
        ("#!/bin/sh\necho broken >&2\nexit 7\n", "broken"),
        ("#!/bin/sh\nexit 7\n", "status"),
        ("#!/bin/sh\necho hello\n", "does not answer"),
        ("#!/bin/sh\necho 'portcullis:{}'\n", "not understood"),
        ("#!/no/such/shell\n", "no such file"),
        (
            "#!/bin/sh\nwhile :; do echo yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy; done\n",
            "without end"
        ),
    ])
    func whatDoesNotAnswer(program: String, reason: String) throws {
        let fault = fault(of: try scratch.write("python3", program, executable: true))
        #expect(fault?.code == .interpreterNotRunnable)
        #expect(fault?.message.contains(reason) == true, "\(fault?.message ?? "")")
    }

    @Test func whatHangsIsEnded() throws {
        let path = try scratch.write("python3", "#!/bin/sh\nexec sleep 600\n", executable: true)
        let fault = fault(of: path, patience: 200)
        #expect(fault?.code == .interpreterNotRunnable)
        #expect(fault?.message.contains("no answer within 200 ms") == true)
    }

    @Test func aStaticOneNamesThePackageToInstall() throws {
        let path = try scratch.writeInterpreter("python3", version: [3, 97, 0])
        let description = try ask(path)
        let fault = #expect(throws: PythonHostError.self) { try description.library(named: path) }
        #expect(fault?.code == .noSharedLibrary)
        #expect(fault?.message.contains("apt-get install libpython3.97") == true)
        #expect(fault?.message.contains(path) == true)
    }

    @Test func aStaticOneIsOpenedThroughALibraryInstalledApart() throws {
        let library = try scratch.write("lib/libpython3.11.so.1.0", "")
        let path = try scratch.writeInterpreter("python3", libraryFolder: "\(scratch.path)/lib")
        #expect(try ask(path).library(named: path) == library)
    }

    @Test func aHomeOfAnotherInstallationIsRefused() throws {
        let description = try ask(try scratch.writeInterpreter("python3"))
        try description.checkHome(in: [:])
        try description.checkHome(in: ["PYTHONHOME": scratch.path])
        let fault = #expect(throws: PythonHostError.self) {
            try description.checkHome(in: ["PYTHONHOME": "/nonexistent"])
        }
        #expect(fault?.code == .wrongEnvironment)
        #expect(fault?.message.contains("unset it") == true)
    }

    @Test func aLibraryThatIsNoneCannotBeOpened() throws {
        let library = try scratch.write("libpython3.11.so.1.0", "not a library")
        let fault = #expect(throws: PythonHostError.self) { try PythonLibrary(opening: library) }
        #expect(fault?.code == .libraryNotLoadable)
        #expect(fault?.message.contains(library) == true)
    }
}
