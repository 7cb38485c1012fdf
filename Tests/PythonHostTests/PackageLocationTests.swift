import Testing

@testable import PythonHost

@Suite struct PackageLocationTests {
    private let scratch: ScratchFolder

    init() throws { scratch = try ScratchFolder() }

    @Test func theOverrideComesFirst() throws {
        try scratch.write("own/portcullis/_host.py", "")
        try scratch.write("prefix/lib/portcullis/python/portcullis/_host.py", "")
        let found = try PackageLocation.find(
            override: "\(scratch.path)/own", programs: ["\(scratch.path)/prefix/bin"])
        #expect(found.folder == "\(scratch.path)/own/portcullis")
        #expect(found.gate == nil)
    }

    @Test func anOverrideWithoutThePackageIsAnError() {
        let error = #expect(throws: PythonHostError.self) {
            try PackageLocation.find(override: "\(scratch.path)/none", programs: [])
        }
        #expect(error?.code == .packageNotLoadable)
    }

    @Test func theInstalledPackageComesBeforeACheckout() throws {
        try scratch.write("prefix/lib/portcullis/python/portcullis/_host.py", "")
        try scratch.write("Sources/Python/portcullis/_host.py", "")
        let found = try PackageLocation.find(
            override: nil, programs: ["\(scratch.path)/prefix/bin"])
        #expect(found.folder == "\(scratch.path)/prefix/lib/portcullis/python/portcullis")
    }

    @Test func aCheckoutIsFoundFromItsBuildFolder() throws {
        try scratch.write("Sources/Python/portcullis/_host.py", "")
        let program = "\(scratch.path)/.build/debug"
        let gate = try scratch.write(".build/debug/libPortcullisGate.so", "")
        let found = try PackageLocation.find(override: nil, programs: [program])
        #expect(found.folder == "\(scratch.path)/Sources/Python/portcullis")
        #expect(found.gate == gate)
    }

    @Test func theGateInsideThePackageComesFirst() throws {
        try scratch.write("own/portcullis/_host.py", "")
        try scratch.write("bin/libPortcullisGate.so", "")
        let gate = try scratch.write("own/portcullis/_gate.abi3.so", "")
        let found = try PackageLocation.find(
            override: "\(scratch.path)/own", programs: ["\(scratch.path)/bin"])
        #expect(found.gate == gate)
    }

    @Test func noPackageAnywhereSaysWhatToSet() {
        let error = #expect(throws: PythonHostError.self) {
            try PackageLocation.find(override: nil, programs: ["\(scratch.path)/bin"])
        }
        #expect(error?.message.contains("PORTCULLIS_PYTHON") == true)
    }
}
