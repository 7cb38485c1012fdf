/// Something that a policy's topmost layer says and could leave out without changing a decision.
public struct IdleDeclaration: Hashable, Sendable {
    /// Why it makes no difference.
    public enum Reason: Hashable, Sendable {
        /// Something else always decides first; what, if it is a rule.
        case shadowed(by: SourceLocation?)
        /// Without it another rule would decide the same; which.
        case repeated(id: String, SourceLocation?)
        /// It is an exclusion, and nothing would match what it excludes.
        case excludesNothing
    }

    /// Where it is written.
    public var location: SourceLocation
    /// The dotted path that it is written for.
    public var path: String
    /// Why it makes no difference.
    public var reason: Reason

    /// Makes an idle declaration.
    public init(location: SourceLocation, path: String, reason: Reason) {
        self.location = location
        self.path = path
        self.reason = reason
    }
}
