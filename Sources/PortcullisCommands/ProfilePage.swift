internal import PythonHost

/// A profile as one page for a browser, which needs nothing beside itself.
struct ProfilePage {
    private let profile: ImportProfile
    private let file: String

    init(_ profile: ImportProfile, file: String) {
        self.profile = profile
        self.file = file
    }

    private static let frame = Treemap.Rectangle(x: 0, y: 0, width: 1200, height: 560)
    /// The height of a package's title, and below which size a rectangle has no text.
    private static let (titleHeight, smallestText) = (20.0, 46.0)
    /// How wide a letter is on average.
    private static let letterWidth = 6.4

    var text: String {
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
        <title>Imports of \(escaped(file))</title>
        <style>
        \(Self.style)
        </style>
        </head>
        <body>
        <main>
        <h1>Imports of <code>\(escaped(file))</code></h1>
        <p>Every run executes \(counted(profile.modules.count, "module")) anew:
        <strong>\(milliseconds(profile.totalNs)) ms</strong> and
        <strong>\(kilobytes(profile.totalBytes)) KB</strong>
        (Python \(profile.python), medians of \(profile.rounds)).</p>
        \(maps)
        <h2>Lines for the policy that save most</h2>
        \(lines)
        <h2>What keeps modules from being shared</h2>
        \(findings)
        <h2>Modules</h2>
        \(table)
        </main>
        </body>
        </html>

        """
    }

    // The maps

    private var maps: String {
        """
        <section class="maps" aria-label="cost by package and module">
        <input type="radio" name="measure" id="by-time" checked>
        <label for="by-time">Time</label>
        <input type="radio" name="measure" id="by-memory">
        <label for="by-memory">Memory</label>
        \(map("time", \.ownNs) { "\(milliseconds($0)) ms" })
        \(map("memory", \.ownBytes) { "\(kilobytes($0)) KB" })
        </section>
        """
    }

    private func map(
        _ name: String, _ cost: (ImportProfile.Module) -> Int, unit: (Int) -> String
    ) -> String {
        let packages = profile.packages.map { package in
            (
                name: package.name, modules: package.modules.sorted { cost($0) > cost($1) },
                cost: package.modules.reduce(0) { $0 + cost($1) }
            )
        }.sorted { ($0.cost, $1.name) > ($1.cost, $0.name) }
        let frames = Treemap(packages.map { Double($0.cost) }, in: Self.frame).rectangles
        var marks: [String] = []
        for (index, (package, frame)) in zip(packages, frames).enumerated() {
            let hasTitle = frame.height > Self.titleHeight * 2 && frame.width > Self.smallestText
            let inner = frame.inset(
                left: 1, top: hasTitle ? Self.titleHeight : 1, right: 1, bottom: 1)
            marks.append(
                shape(frame, "package hue\(index % 8)", package.name, unit(package.cost)))
            if hasTitle {
                marks.append(label(frame, "\(package.name) \(unit(package.cost))", "title"))
            }
            let cells = Treemap(package.modules.map { Double(cost($0)) }, in: inner).rectangles
            for (module, cell) in zip(package.modules, cells) where cell.width > 0.5 {
                marks.append(shape(cell, "module", module.name, unit(cost(module))))
                guard cell.height > Self.titleHeight, cell.width > Self.smallestText else {
                    continue
                }
                let short = module.name.split(separator: ".").last.map(String.init) ?? module.name
                marks.append(label(cell, short, "name"))
            }
        }
        return """
            <svg class="map \(name)" viewBox="0 0 \(number(Self.frame.width)) \
            \(number(Self.frame.height))" role="img" aria-label="\(name) by package and module">
            \(marks.joined(separator: "\n"))
            </svg>
            """
    }

    private func shape(
        _ frame: Treemap.Rectangle, _ style: String, _ name: String, _ cost: String
    ) -> String {
        """
        <rect class="\(style)" x="\(number(frame.x))" y="\(number(frame.y))" \
        width="\(number(frame.width))" height="\(number(frame.height))">\
        <title>\(escaped(name)): \(cost)</title></rect>
        """
    }

    private func label(_ frame: Treemap.Rectangle, _ text: String, _ style: String) -> String {
        let room = Int((frame.width - 8) / Self.letterWidth)
        guard room > 2 else { return "" }
        let shown = text.count > room ? text.prefix(room - 1) + "…" : text[...]
        return """
            <text class="\(style)" x="\(number(frame.x + 4))" y="\(number(frame.y + 14))">\
            \(escaped(String(shown)))</text>
            """
    }

    // The lists

    private var lines: String {
        guard !profile.lines.isEmpty else { return "<p>None saves anything worth it.</p>" }
        let rows = profile.lines.map { line in
            let caveats = profile.findings(about: line).prefix(5).map {
                "<li>\(marked($0.sentence))</li>"
            }
            let modules = line.modules.map(escaped).joined(separator: ", ")
            return """
                <tr><td><code>&lt;module name="\(escaped(line.package))"/&gt;</code></td>
                <td class="figure">\(milliseconds(line.savesNs))</td>
                <td class="figure">\(kilobytes(line.savesBytes))</td>
                <td><details><summary>\(counted(line.modules.count, "module"))</summary>\(modules)\
                </details>\(caveats.isEmpty ? "" : "<ul>\(caveats.joined())</ul>")</td></tr>
                """
        }
        return """
            <table><thead><tr><th>line</th><th class="figure">saves ms</th>
            <th class="figure">saves KB</th><th>what is then shared</th></tr></thead>
            <tbody>\(rows.joined(separator: "\n"))</tbody></table>
            <p class="note">Each line beside those before it. What is passed through is shared by all
            runs and trusted: its code is not gated.</p>
            """
    }

    private var findings: String {
        var text =
            profile.findings.isEmpty
            ? "<p>Nothing was found.</p>"
            : "<ul>\(profile.findings.map { "<li>\(marked($0.sentence))</li>" }.joined())</ul>"
        if let reason = profile.notRun {
            text +=
                "<p class=\"note\">The workflow was not run to its end, so what it writes is not "
                + "known: \(escaped(reason))</p>"
        }
        return text
    }

    private var table: String {
        let rows = profile.modules.sorted { $0.ownNs > $1.ownNs }.map { module in
            """
            <tr><td><code>\(escaped(module.name))</code></td>
            <td class="figure">\(milliseconds(module.ownNs))</td>
            <td class="figure">\(milliseconds(module.totalNs))</td>
            <td class="figure">\(kilobytes(module.ownBytes))</td>
            <td>\(escaped(place(module.importedAt) ?? ""))</td></tr>
            """
        }
        return """
            <table><thead><tr><th>module</th><th class="figure">own ms</th>
            <th class="figure">with imports</th><th class="figure">own KB</th>
            <th>first imported at</th></tr></thead><tbody>
            \(rows.joined(separator: "\n"))
            </tbody></table>
            """
    }

    // Text

    /// Text for HTML.
    private func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;")
    }

    /// Text for HTML with what is between back-quotes as code.
    private func marked(_ text: String) -> String {
        escaped(text).split(separator: "`", omittingEmptySubsequences: false).enumerated()
            .map { $0.offset.isMultiple(of: 2) ? String($0.element) : "<code>\($0.element)</code>" }
            .joined()
    }

    /// A number with one digit behind the point.
    private func number(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return "\(tenths / 10).\(abs(tenths % 10))"
    }

    private static let style = """
        :root { color-scheme: light dark; --ink: #1c1e21; --paper: #ffffff; --line: #d5d9de;
          --soft: #5d6570; --cell: #ffffff66; --edge: #ffffff; }
        @media (prefers-color-scheme: dark) { :root { --ink: #e7e9ec; --paper: #16181b;
          --line: #3a3f45; --soft: #a0a8b2; --cell: #00000055; --edge: #16181b; } }
        body { margin: 0; background: var(--paper); color: var(--ink);
          font: 15px/1.5 system-ui, sans-serif; }
        main { max-width: 76rem; margin: 0 auto; padding: 1.5rem; }
        h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2rem; }
        code { font: 0.92em ui-monospace, monospace; overflow-wrap: anywhere; }
        table { border-collapse: collapse; width: 100%; }
        th, td { text-align: left; vertical-align: top; padding: 0.3rem 0.6rem;
          border-bottom: 1px solid var(--line); }
        .figure { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
        .note { color: var(--soft); } ul { margin: 0.3rem 0; padding-left: 1.2rem; }
        .maps input { position: absolute; opacity: 0; }
        .maps label { display: inline-block; padding: 0.25rem 0.8rem; margin: 0 0.3rem 0.6rem 0;
          border: 1px solid var(--line); border-radius: 1rem; cursor: pointer; }
        .maps input:checked + label { background: var(--ink); color: var(--paper); }
        .maps input:focus-visible + label { outline: 2px solid #3b82f6; }
        .map { display: none; width: 100%; height: auto; }
        #by-time:checked ~ .time, #by-memory:checked ~ .memory { display: block; }
        .package { stroke: var(--edge); stroke-width: 2; }
        .module { fill: var(--cell); stroke: var(--edge); stroke-width: 0.5; }
        .module:hover { fill: transparent; }
        svg text { font: 12px system-ui, sans-serif; fill: #10151b; pointer-events: none; }
        svg .title { font-weight: 600; }
        @media (prefers-color-scheme: dark) { svg text { fill: #f3f5f7; } }
        .hue0 { fill: #8cb4e8; } .hue1 { fill: #f0b37e; } .hue2 { fill: #8fcf9f; }
        .hue3 { fill: #d9a0d4; } .hue4 { fill: #e8d27a; } .hue5 { fill: #8ccfd0; }
        .hue6 { fill: #e79a9a; } .hue7 { fill: #b7b2e6; }
        @media (prefers-color-scheme: dark) {
          .hue0 { fill: #2f5f9e; } .hue1 { fill: #96592a; } .hue2 { fill: #2f7a45; }
          .hue3 { fill: #7d4279; } .hue4 { fill: #7c6a1c; } .hue5 { fill: #2a7475; }
          .hue6 { fill: #8e3f3f; } .hue7 { fill: #574f9c; } }
        """
}
