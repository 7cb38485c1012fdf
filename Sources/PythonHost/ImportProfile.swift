/// What the imports of a workflow file cost each of its runs, and what passing modules through saves.
public struct ImportProfile: Equatable, Sendable, Decodable {
    /// A module that every run executes anew.
    public struct Module: Equatable, Sendable, Decodable {
        /// Its full name.
        public let name: String
        /// The package that a line of a policy would name.
        public let package: String
        /// The module whose import statement was the first to ask for it, if any.
        public let importedBy: String?
        /// Where that statement is: `file:line`.
        public let importedAt: String?
        /// The time of the module without what it imports, in nanoseconds.
        public let ownNs: Int
        /// The time with what it was the first to import, in nanoseconds.
        public let totalNs: Int
        /// The memory of the module without what it imports, in bytes.
        public let ownBytes: Int
        /// The memory with what it was the first to import, in bytes.
        public let totalBytes: Int
    }

    /// A package that could be passed through.
    public struct Line: Equatable, Sendable, Decodable {
        /// Its name.
        public let package: String
        /// The modules that a run then no longer executes, those of other packages too.
        public let modules: [String]
        /// What a run saves beside the lines before this one, in nanoseconds.
        public let savesNs: Int
        /// What a run saves beside the lines before this one, in bytes.
        public let savesBytes: Int
    }

    /// Something to know about a module before it is shared.
    public struct Finding: Equatable, Sendable, Decodable {
        /// What was found.
        public enum Kind: String, Equatable, Sendable, Decodable {
            /// It does what the policy restricts while it is imported.
            case readsAtImport = "reads-at-import"
            /// A run has written the member.
            case writtenInRun = "written-in-run"
            /// A function of it writes the member.
            case mayBeWritten = "may-be-written"
        }

        /// The module.
        public let module: String
        /// What was found.
        public let kind: Kind
        /// The member, or the path of what is restricted.
        public let name: String
        /// Where that is: `file:line`; nil if it is not known.
        public let place: String?
    }

    /// The version of Python: `3.12`.
    public let python: String
    /// How many sandboxes were timed; times are medians.
    public let rounds: Int
    /// What a sandbox with the workflow's file costs as a whole, in nanoseconds.
    public let totalNs: Int
    /// What it keeps while it lives, in bytes.
    public let totalBytes: Int
    /// The modules, in the order in which they were executed to their end.
    public let modules: [Module]
    /// The lines that save most, the best first.
    public let lines: [Line]
    /// What speaks against sharing modules.
    public let findings: [Finding]
    /// Why the workflow was not run to its end, so that what it writes is not known; nil if it was.
    public let notRun: String?
}
