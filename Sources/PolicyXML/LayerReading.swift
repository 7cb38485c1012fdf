internal import PolicyModel

/// The reading of one file: the bytes first, then libxml2, then what the elements say.
struct LayerReading {
    var faults: FaultList
    /// The layers of the file, the base first; the last one is the file itself.
    var layers: [PolicyLayer]
    /// The file that it extends, and where that is written.
    var extends: (name: String, range: Range<Int>)?

    init(bytes: [UInt8], file: String) {
        layers = [PolicyLayer(name: "", file: file)]
        var document = MarkupDocument(bytes: bytes, file: file)
        document.read(with: .policy)
        faults = document.faults
        var builder = LayerBuilder(faults: faults)
        if let root = document.root { builder.build(root) }
        layers = builder.innerLayers + [builder.layer]
        if document.malformation != nil {
            document.faults = builder.faults
            document.reportMalformation()
            faults = document.faults
            return
        }
        if document.root?.name == Vocabulary.root {
            extends = builder.extends
            builder.addSchemaFindings(of: document)
        }
        faults = builder.faults
    }
}
