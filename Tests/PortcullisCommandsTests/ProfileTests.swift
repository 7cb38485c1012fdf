import Foundation
import Testing

/// `portcullis profile`, in a CPython that need not have temporalio.
@Suite(.serialized) struct ProfileTests {
    func folder() throws -> Folder {
        let folder = try Folder()
        try folder.write("SEEN = []\nTABLE = [str(n) for n in range(9000)]\n", to: "own_part.py")
        try folder.write(
            """
            import own_part
            from portcullis import workflow

            @workflow.defn
            class Sample:
                @workflow.run
                async def run(self, name: str) -> str:
                    own_part.SEEN.append(name)
                    return "<b>"

            """, to: "sample.py")
        return folder
    }

    @Test func modulesLinesAndFindingsAreShown() throws {
        let folder = try folder()
        let made = try Tool.run(
            "profile", "sample.py", "--input", "\"Bo\"", "--html", "page.html", in: folder)
        #expect(made.status == 0, "\(made.error)")
        let lines = made.output.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines[0].hasPrefix("sample.py: a run executes 2 modules, "), "\(made.output)")
        for part in [
            "  own_part", "sample.py:1", "<module name=\"own_part\"/> saves ",
            "    but `own_part.SEEN` was written by the run",
        ] {
            #expect(made.output.contains(part), "\(made.output)")
        }
        let page = try folder.text("page.html")
        for part in ["<!doctype html>", "<svg", "prefers-color-scheme: dark", "own_part.SEEN"] {
            #expect(page.contains(part))
        }
        // Nothing is fetched: neither scripts, nor styles, nor images, nor fonts.
        for part in ["http:", "https:", "<script", "@import", "url(", "src="] {
            #expect(!page.contains(part), "\(part)")
        }
    }

    @Test func aProfileIsAlsoForPrograms() throws {
        let made = try Tool.run("profile", "sample.py", "--format", "json", in: try folder())
        #expect(made.status == 0, "\(made.error)")
        let modules = made.document["modules"] as? [[String: Any]] ?? []
        #expect(modules.compactMap { $0["name"] as? String } == ["own_part", "sample"])
        #expect(modules.allSatisfy { ($0["own_ns"] as? Int ?? 0) > 0 })
        // The workflow wants an argument, so it was not run.
        let reason = made.document["not_run"] as? String
        #expect(reason?.contains("takes 1 (`name`) as input") == true, "\(reason ?? "nil")")
    }

    @Test func aFileThatCannotBeExecutedIsReportedAsARunReportsIt() throws {
        let folder = try Folder()
        try folder.write("import time\ntime.sleep(0)\n1 / 0\n", to: "broken.py")
        let made = try Tool.run("profile", "broken.py", "--html", "page.html", in: folder)
        #expect(made.status == 3)
        #expect(made.error.contains("broken.py:3"), "\(made.error)")
        #expect(made.output == "")
        #expect((try? folder.text("page.html")) == nil)
    }
}
