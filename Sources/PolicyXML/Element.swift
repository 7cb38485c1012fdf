internal import PolicyModel

/// One element of a policy file, as libxml2 read it.
final class Element {
    /// One attribute with its value as XML means it, references resolved.
    struct Attribute {
        let name: String
        /// The prefix as the author wrote it, if any.
        let prefix: String?
        let namespace: String?
        let value: String
    }

    /// The name without a prefix.
    let name: String
    let namespace: String?
    let attributes: [Attribute]
    /// Its place among all start tags, from 0.
    let ordinal: Int
    /// The offset of its `<`.
    let offset: Int
    /// The place of its `<`.
    let location: SourceLocation
    var children: [Element] = []
    /// The offset of the first text in it that is not blank.
    var textOffset: Int?
    /// Its own text, UTF-8, where the reader keeps it.
    var text: [UInt8] = []

    init(
        name: String, namespace: String?, attributes: [Attribute], ordinal: Int, offset: Int,
        location: SourceLocation
    ) {
        self.name = name
        self.namespace = namespace
        self.attributes = attributes
        self.ordinal = ordinal
        self.offset = offset
        self.location = location
    }

    /// The value of an attribute without a namespace.
    subscript(attribute: String) -> String? {
        attributes.first { $0.namespace == nil && $0.name == attribute }?.value
    }
}
