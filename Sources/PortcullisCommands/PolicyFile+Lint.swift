internal import Glibc
internal import PolicyAnalysis
internal import PolicyCompiler
internal import PolicyModel
internal import PolicyRuntime
internal import PolicyXML

extension PolicyFile {
    /// What lint finds in a policy that was read, its places as rules name them.
    func lintFindings(
        _ reading: PolicyReading, today: CalendarDay
    ) throws(CommandError) -> [LintFinding] {
        let compiler = PolicyCompiler()
        do {
            let warnings = reading.warnings + (try compiler.check(reading.policy))
            var libraries: [PythonVersion: Set<String>] = [:]
            for version in compiler.versions {
                libraries[version] = Set(StandardLibrary.moduleNames(for: version))
            }
            return Linter.findings(
                in: reading.policy,
                facts: Linter.Facts(
                    idle: compiler.idleDeclarations(of: reading.policy), warnings: warnings,
                    standardLibrary: libraries),
                today: today)
        } catch {
            throw .diagnostics(PolicyError(shown(reading.warnings + error.diagnostics)))
        }
    }
}

/// Removes what lint finds superfluous from a policy's source.
struct LintRepair {
    let file: PolicyFile
    let today: CalendarDay

    /// How often the file is looked at again: an element may be superfluous once those in it are.
    private static let rounds = 16

    /// Repairs the file; how many elements were removed.
    ///
    /// Nothing is written unless the new text decides exactly as the old one did.
    func run() throws(CommandError) -> Int {
        var reading = try file.read()
        let old = try text()
        let before = try file.image()
        var text = old
        var removed = 0
        for _ in 0..<Self.rounds {
            let places = try file.lintFindings(reading, today: today).compactMap(\.removal)
            let step = text.removing(places)
            guard step.removed > 0, let next = try proven(step.text, before) else { break }
            (text, reading) = (step.text, next)
            removed += step.removed
        }
        guard removed > 0 else { return 0 }
        // A link stays a link, to the repaired file.
        try OutputFile(path: resolved()).replace(with: text.bytes)
        return removed
    }

    private func text() throws(CommandError) -> PolicyText {
        do {
            return try PolicyText(file: file.path)
        } catch {
            throw .diagnostics(error)
        }
    }

    /// What a text reads as, if it decides as the image does; nil if not.
    private func proven(
        _ text: PolicyText, _ before: PolicyImage
    ) throws(CommandError) -> PolicyReading? {
        let folder = file.folder.isEmpty ? "." : String(file.folder)
        do {
            let reading = try PolicyReader(root: folder).read(bytes: text.bytes, named: file.name)
            let image = try PolicyImage(copying: try PolicyCompiler().compile(reading.policy).image)
            return PolicyDifference(from: before, to: image).isEquivalent ? reading : nil
        } catch {
            // A text that does not compile is no repair.
            return nil
        }
    }

    private func resolved() -> String {
        guard let resolved = realpath(file.path, nil) else { return file.path }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}
