import CPythonABI
import PolicyRuntime

private func layout(_ object: PyRef) -> UnsafeMutablePointer<PCPolicy> {
    UnsafeMutableRawPointer(object).assumingMemoryBound(to: PCPolicy.self)
}

/// The Swift side of a policy object, which every policy object has from its making on.
func storage(_ policy: PyRef) -> GatePolicy {
    let address = layout(policy).pointee.storage
    // INVARIANT: `newPolicy` is the only maker of policy objects and sets the storage before
    // anybody else can see the object.
    return Unmanaged<GatePolicy>.fromOpaque(address.unsafelyUnwrapped).takeUnretainedValue()
}

func memberVerdict(_ policy: PyRef, _ path: PyRef) -> MemberVerdict? {
    storage(policy).verdict(path)
}

/// Makes the type of compiled policies: `Policy(image, major, minor)`, the image as `bytes`.
func makePolicyType() -> PyOptionalRef {
    var builder = TypeBuilder("portcullis._gate.Policy", size: MemoryLayout<PCPolicy>.size)
    let new: NewFunction = { type, arguments, _ in newPolicy(type, arguments) }
    let dealloc: DeallocFunction = { object in
        if let address = layout(object).pointee.storage {
            Unmanaged<GatePolicy>.fromOpaque(address).release()
        }
        freeInstance(object)
    }
    builder.slot(PC_tp_new, address(new))
    builder.slot(PC_tp_dealloc, address(dealloc))
    addPathMethods(to: &builder)
    addModuleMethods(to: &builder)
    return builder.make()
}

private func newPolicy(_ type: PyTypeRef, _ arguments: PyRef) -> PyOptionalRef {
    guard PyTuple_Size(arguments) == 3, let image = item(arguments, 0),
        let major = item(arguments, 1), let minor = item(arguments, 2)
    else { return raise(.type, "Policy takes an image and a Python version") }
    var bytes: UnsafeMutablePointer<CChar>?
    var count = 0
    let version = (major: PyLong_AsLong(major), minor: PyLong_AsLong(minor))
    guard PyErr_Occurred() == nil, PyBytes_AsStringAndSize(image, &bytes, &count) == 0 else {
        return nil
    }
    guard (0...255).contains(version.major), (0...255).contains(version.minor) else {
        return raise(.value, "that is no version of Python")
    }
    do {
        let image = try PolicyImage(copying: UnsafeRawBufferPointer(start: bytes, count: count))
        let policy = GatePolicy(image, try image.restrictions(for: version))
        guard let object = PyType_GenericAlloc(type, 0) else { return nil }
        layout(object).pointee.storage = Unmanaged.passRetained(policy).toOpaque()
        return object
    } catch {
        return raise(.value, PolicyImage.reason(of: error))
    }
}

private func addPathMethods(to builder: inout TypeBuilder) {
    // verdict(path) -> six rules plus one: access, use and call, each at import and at run time
    let verdict: BinaryFunction = { object, path in
        guard let verdict = storage(object).verdict(path) else { return nil }
        return numbers([
            verdict.access.0, verdict.access.1, verdict.use.0, verdict.use.1, verdict.call.0,
            verdict.call.1,
        ])
    }
    // speaks_below(path) -> whether rules speak of anything below
    let speaksBelow: BinaryFunction = { object, path in
        storage(object).speaksBelow(path).flatMap { boolean($0) }
    }
    // is_stated(path) -> whether the policy says something about exactly this name
    let isStated: BinaryFunction = { object, path in
        PyTuple_Size(path) < 0 ? nil : boolean(storage(object).isStated(path))
    }
    // register_class(class, path)
    let register: FastFunction = { object, arguments, count in
        guard count == 2, let arguments, pc_is_type(arguments[0]) != 0,
            PyTuple_Size(arguments[1]) >= 0
        else { return raise(.type, "register_class takes a class and its path") }
        storage(object).register(arguments[0], arguments[1])
        return none()
    }
    // add_host_object(object): it was found in a module of the host; is_host_object(object)
    let addHostObject: BinaryFunction = { object, value in
        storage(object).add(hostObject: value)
        return none()
    }
    let isHostObject: BinaryFunction = { object, value in
        boolean(storage(object).isHostObject(value))
    }
    // path_of_class(class) -> the path below which its members have rules, or None
    let pathOfClass: BinaryFunction = { object, owner in
        retained(storage(object).path(ofClass: owner) ?? pc_none())
    }
    // wildcard_paths() -> the dotted paths below members of modules whose every name is restricted
    let wildcardPaths: BinaryFunction = { object, _ in
        texts(storage(object).wildcardPaths.map { $0.joined(separator: ".") })
    }
    // gate_names(all) -> the names that are gated from now on, a frozenset, or None for every name
    let gateNames: BinaryFunction = { object, all in
        guard storage(object).gate(allNames: PyObject_IsTrue(all) == 1) else { return nil }
        return retained(storage(object).gatedNames ?? pc_none())
    }
    // rule(number) -> (id, effect, category, message, because, see, instead, location)
    let rule: BinaryFunction = { object, number in
        let index = PyLong_AsLong(number)
        if PyErr_Occurred() != nil { return nil }
        let restrictions = storage(object).restrictions
        guard index >= 0, index < restrictions.members.image.ruleCount else {
            return raise(.value, "the policy has no rule of that number")
        }
        let rule = restrictions.rule(RuleID(rawValue: UInt32(index)))
        return texts([
            rule.id, rule.effect.word, rule.warningCategory, rule.message, rule.because, rule.see,
            rule.instead, rule.location,
        ])
    }
    builder.method("verdict", PC_METH_O, address(verdict))
    builder.method("speaks_below", PC_METH_O, address(speaksBelow))
    builder.method("is_stated", PC_METH_O, address(isStated))
    builder.method("register_class", PC_METH_FASTCALL, address(register))
    builder.method("add_host_object", PC_METH_O, address(addHostObject))
    builder.method("is_host_object", PC_METH_O, address(isHostObject))
    builder.method("path_of_class", PC_METH_O, address(pathOfClass))
    builder.method("wildcard_paths", PC_METH_NOARGS, address(wildcardPaths))
    builder.method("gate_names", PC_METH_O, address(gateNames))
    builder.method("rule", PC_METH_O, address(rule))
}

private func addModuleMethods(to builder: inout TypeBuilder) {
    // is_passthrough(name) -> bool
    let isPassthrough: BinaryFunction = { object, name in
        guard let bytes = utf8(name) else { return nil }
        return boolean(storage(object).restrictions.isPassthrough(bytes))
    }
    // module_rule(name, is_runtime) -> the rule plus one that forbids the import, or 0
    let moduleRule: FastFunction = { object, arguments, count in
        guard count == 2, let arguments, let bytes = utf8(arguments[0]) else {
            return raise(.type, "module_rule takes a name and whether it is run time")
        }
        let isRuntime = PyObject_IsTrue(arguments[1]) == 1
        return PyLong_FromLong(Int(storage(object).moduleRule(bytes, isRuntime: isRuntime)))
    }
    // flags() -> (passes all through, notification policy bits, lazy sys.modules)
    let flags: BinaryFunction = { object, _ in
        let restrictions = storage(object).restrictions
        return numbers([
            restrictions.passesAllThrough ? 1 : 0, UInt32(restrictions.importNotificationPolicy),
            restrictions.lazySysModulesPassthrough ? 1 : 0,
        ])
    }
    builder.method("is_passthrough", PC_METH_O, address(isPassthrough))
    builder.method("module_rule", PC_METH_FASTCALL, address(moduleRule))
    builder.method("flags", PC_METH_NOARGS, address(flags))
}

private func numbers(_ values: [UInt32]) -> PyOptionalRef {
    var items: [PyRef] = []
    for value in values {
        guard let number = PyLong_FromLong(Int(value)) else { return nil }
        items.append(number)
    }
    return tuple(taking: items)
}

private func texts(_ values: [String?]) -> PyOptionalRef {
    var items: [PyRef] = []
    for value in values {
        guard let text = value.map({ string($0) }) ?? none() else { return nil }
        items.append(text)
    }
    return tuple(taking: items)
}
