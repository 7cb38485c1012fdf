/// An argument of a call.
enum PythonArgument: Sendable {
    case string(String)
    case bytes([UInt8])
    case none
}

/// An exception that came out of a call, as text.
struct PythonException: Error {
    var text: String
}

extension PythonLibrary {
    /// Runs a body on this thread while it holds the interpreter's lock.
    func holdingGIL<Value, Failure>(
        _ body: () throws(Failure) -> Value
    ) throws(Failure) -> Value {
        let state = ensureGIL()
        defer { releaseGIL(state) }
        return try body()
    }

    /// Calls a function that gives back a string. The lock must be held.
    func string(
        from function: PythonPointer, _ arguments: [PythonArgument]
    ) throws(PythonException) -> String {
        let result = try result(of: function, arguments)
        defer { release(result) }
        return try string(of: result)
    }

    /// Calls a function; what it gives back is the caller's. The lock must be held.
    func result(
        of function: PythonPointer, _ arguments: [PythonArgument]
    ) throws(PythonException) -> PythonPointer {
        guard let tuple = newTuple(arguments.count) else { throw pendingException() }
        defer { release(tuple) }
        for (index, argument) in arguments.enumerated() {
            guard let object = try object(of: argument), setTupleItem(tuple, index, object) == 0
            else {
                throw pendingException()
            }
        }
        guard let result = call(function, tuple) else { throw pendingException() }
        return result
    }

    /// A member of a module, for good. The lock must be held.
    func member(_ name: String, of module: String) throws(PythonException) -> PythonPointer {
        guard let found = importModule(module) else { throw pendingException() }
        defer { release(found) }
        guard let member = getAttribute(found, name) else { throw pendingException() }
        return member
    }

    /// Executes source text and gives the names it defines, for good. The lock must be held.
    func names(definedBy source: String) throws(PythonException) -> PythonPointer {
        let exec = try member("exec", of: "builtins")
        defer { release(exec) }
        guard let names = newDictionary(), let tuple = newTuple(2) else {
            throw pendingException()
        }
        defer { release(tuple) }
        // The tuple takes the reference it is given over, and the caller is to have one too.
        retain(names)
        guard let text = try object(of: .string(source)), setTupleItem(tuple, 0, text) == 0,
            setTupleItem(tuple, 1, names) == 0, let done = call(exec, tuple)
        else { throw pendingException() }
        release(done)
        return names
    }

    private func object(of argument: PythonArgument) throws(PythonException) -> PythonPointer? {
        switch argument {
        case .string(let text):
            var text = text
            return text.withUTF8 { newString($0.baseAddress, $0.count) }
        case .bytes(let bytes):
            return bytes.withUnsafeBufferPointer { newBytes($0.baseAddress, $0.count) }
        case .none:
            return try member("None", of: "builtins")
        }
    }

    private func string(of object: PythonPointer) throws(PythonException) -> String {
        var count = 0
        guard let bytes = stringBytes(object, &count) else { throw pendingException() }
        return String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
    }

    private func pendingException() -> PythonException {
        var (type, value, trace): (PythonPointer?, PythonPointer?, PythonPointer?) = (nil, nil, nil)
        fetchError(&type, &value, &trace)
        normalizeError(&type, &value, &trace)
        defer {
            release(type)
            release(value)
            release(trace)
        }
        guard let value, let text = text(value) else {
            clearError()
            return PythonException(text: "an exception without a text")
        }
        defer { release(text) }
        let told = try? string(of: text)
        return PythonException(text: told ?? "an exception without a text")
    }
}
