import Testing

@testable import PythonHost

@Suite struct InterpreterSearchTests {
    private let scratch: ScratchFolder

    init() throws { scratch = try ScratchFolder() }

    private func search(_ environment: [String: String] = [:]) -> InterpreterSearch {
        InterpreterSearch(environment: environment, folder: scratch.path)
    }

    private func error(
        _ environment: [String: String] = [:], named: String? = nil
    ) -> PythonHostError? {
        #expect(throws: PythonHostError.self) { try search(environment).find(named: named) }
    }

    @Test func theNamedInterpreterComesFirst() throws {
        let python = try scratch.write("bin/own-python", "", executable: true)
        try scratch.write(".venv/bin/python3", "", executable: true)
        let found = try search(["VIRTUAL_ENV": "/elsewhere"]).find(named: "bin/own-python")
        #expect(found == python)
    }

    @Test func aFolderIsAVirtualEnvironment() throws {
        let python = try scratch.write("env/bin/python", "", executable: true)
        #expect(try search().find(named: "\(scratch.path)/env") == python)
    }

    @Test func aPlainNameIsFoundOnPath() throws {
        let python = try scratch.write("tools/python3.99", "", executable: true)
        let environment = ["PATH": "/nowhere:\(scratch.path)/tools"]
        #expect(try search(environment).find(named: "python3.99") == python)
    }

    @Test func theActiveEnvironmentComesBeforeTheFoldersOwn() throws {
        let active = try scratch.write("active/bin/python3", "", executable: true)
        let own = try scratch.write(".venv/bin/python3", "", executable: true)
        let environment = ["VIRTUAL_ENV": "\(scratch.path)/active"]
        #expect(try search(environment).find(named: nil) == active)
        #expect(try search().find(named: nil) == own)
    }

    @Test func pathComesLast() throws {
        let python = try scratch.write("tools/python3", "", executable: true)
        #expect(try search(["PATH": "\(scratch.path)/tools"]).find(named: nil) == python)
    }

    @Test func aBrokenActiveEnvironmentIsNotPassedOver() throws {
        try scratch.write(".venv/bin/python3", "", executable: true)
        let error = error(["VIRTUAL_ENV": "/no/such/environment"])
        #expect(error?.code == .interpreterNotFound)
        #expect(error?.message.contains("`/no/such/environment`") == true)
    }

    @Test func nothingAtAllSaysWhatToInstall() {
        let error = error(["PATH": "/nowhere"])
        #expect(error?.code == .interpreterNotFound)
        #expect(error?.message.contains("install python 3.10 or newer") == true)
    }

    @Test(arguments: ["/no/such/python", "no-such-python", "."])
    func aNamedInterpreterThatIsNotThere(name: String) {
        let error = error(["PATH": "/nowhere"], named: name == "." ? scratch.path : name)
        #expect(error?.code == .interpreterNotFound)
    }

    @Test func aFileThatIsNoProgram() throws {
        let file = try scratch.write("notes.txt", "hello")
        #expect(error(named: file)?.code == .interpreterNotRunnable)
    }
}
