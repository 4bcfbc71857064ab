import Testing

@testable import Scenarios

/// Faults of edits.
struct EditFaultTests {
  static let cases: [FaultCase] = [
    FaultCase(
      "edits that are empty",
      [
        ("  message:\n    file: app.py\n    find: \"Hello\"\n    replace: \"Hi {{token}}\"\n", ""),
        ("edits:", "edits: {}"),
      ],
      [
      ]),
    FaultCase(
      "an edit name with other characters",
      "  message:",
      "  \"my edit\":"),
    FaultCase(
      "a file that the app lacks",
      "file: app.py",
      "file: ap.py"),
    FaultCase(
      "a file that is a directory",
      "file: app.py",
      "file: static"),
    FaultCase(
      "a file that leaves upwards",
      "file: app.py",
      "file: ../outside.py"),
    FaultCase(
      "an absolute file",
      "file: app.py",
      "file: /etc/passwd"),
    FaultCase(
      "a file that leaves through a link",
      "file: app.py",
      "file: link.py"),
    FaultCase(
      "a link to nowhere",
      "file: app.py",
      "file: nowhere"),
    FaultCase(
      "an empty file name",
      "file: app.py",
      "file: \"\""),
    FaultCase(
      "a find text that occurs nowhere",
      "find: \"Hello\"",
      "find: \"Helo\""),
    FaultCase(
      "a find text that occurs twice",
      "find: \"Hello\"",
      "find: \"def \""),
    FaultCase(
      "a find text that occurs twice on one line of another file",
      [
        ("file: app.py", "file: twice.py"),
        ("find: \"Hello\"", "find: \"e\""),
      ],
      [
      ]),
    FaultCase(
      "a find text that occurs often",
      "find: \"Hello\"",
      "find: \"e\""),
    FaultCase(
      "an empty find text",
      "find: \"Hello\"",
      "find: \"\""),
    FaultCase(
      "a find text over lines that end in CR LF",
      [
        ("file: app.py", "file: crlf.txt"),
        ("find: \"Hello\"", "find: \"first\\nsecond\""),
      ],
      [
      ]),
    FaultCase(
      "a replacement that is a number",
      "replace: \"Hi {{token}}\"",
      "replace: 42"),
    FaultCase(
      "a missing find",
      "    find: \"Hello\"\n",
      ""),
    FaultCase(
      "a missing replace",
      "    replace: \"Hi {{token}}\"\n",
      ""),
    FaultCase(
      "an edit without token",
      "Hi {{token}}",
      "Hi {{ token }}"),
    FaultCase(
      "an unknown save style",
      "    find:",
      "    save: renam\n    find:"),
    FaultCase(
      "an edit that is text",
      "    file: app.py\n    find: \"Hello\"\n    replace: \"Hi {{token}}\"\n",
      "    nothing\n"),
    FaultCase(
      "an edit that changes nothing",
      "    file: app.py\n    find: \"Hello\"\n    replace: \"Hi {{token}}\"\n",
      "    save: rename\n"),
    FaultCase(
      "a create of a file that exists",
      "    file: app.py\n    find: \"Hello\"\n    replace: \"Hi {{token}}\"\n",
      "    create: app.py\n    content: \"{{token}}\"\n"),
    FaultCase(
      "a create of a link to nowhere",
      "    file: app.py\n    find: \"Hello\"\n    replace: \"Hi {{token}}\"\n",
      "    create: nowhere\n    content: \"{{token}}\"\n"),
    FaultCase(
      "a create below a file",
      "    file: app.py\n    find: \"Hello\"\n    replace: \"Hi {{token}}\"\n",
      "    create: app.py/x\n    content: \"{{token}}\"\n"),
    FaultCase(
      "a create outside",
      "    file: app.py\n    find: \"Hello\"\n    replace: \"Hi {{token}}\"\n",
      "    create: ../x\n    content: \"{{token}}\"\n"),
    FaultCase(
      "a create without content",
      "    file: app.py\n    find: \"Hello\"\n    replace: \"Hi {{token}}\"\n",
      "    create: x\n"),
    FaultCase(
      "an append to a file that is not there",
      "    file: app.py\n    find: \"Hello\"\n    replace: \"Hi {{token}}\"\n",
      "    append: x\n    content: \"{{token}}\"\n"),
    FaultCase(
      "an append with a save style",
      "    file: app.py\n    find: \"Hello\"\n    replace: \"Hi {{token}}\"\n",
      "    append: app.py\n    content: \"{{token}}\"\n    save: rename\n"),
    FaultCase(
      "a delete of a file that is not there",
      "    file: app.py\n    find: \"Hello\"\n    replace: \"Hi {{token}}\"\n",
      "    delete: x\n"),
    FaultCase(
      "a delete carries no token",
      "    file: app.py\n    find: \"Hello\"\n    replace: \"Hi {{token}}\"\n",
      "    delete: app.py\n"),
    FaultCase(
      "a delete with content and save style",
      "    file: app.py\n    find: \"Hello\"\n    replace: \"Hi {{token}}\"\n",
      "    delete: app.py\n    content: \"{{token}}\"\n    save: truncate\n"),
    FaultCase(
      "a create with find",
      "    file: app.py\n    find: \"Hello\"\n    replace: \"Hi {{token}}\"\n",
      "    create: x\n    content: \"{{token}}\"\n    find: y\n"),
    FaultCase(
      "changes beside a change",
      "    file: app.py\n    find: \"Hello\"\n    replace: \"Hi {{token}}\"\n",
      "    file: app.py\n    find: \"Hello\"\n    replace: \"Hi {{token}}\"\n    changes: [ { delete: twice.py } ]\n"),
    FaultCase(
      "changes that are empty",
      "    file: app.py\n    find: \"Hello\"\n    replace: \"Hi {{token}}\"\n",
      "    changes: []\n"),
    FaultCase(
      "changes that are no list",
      "    file: app.py\n    find: \"Hello\"\n    replace: \"Hi {{token}}\"\n",
      "    changes: { delete: app.py }\n"),
    FaultCase(
      "an unknown key in one of several changes",
      "    file: app.py\n    find: \"Hello\"\n    replace: \"Hi {{token}}\"\n",
      "    changes:\n      - { create: x, contents: \"{{token}}\" }\n"),
    FaultCase(
      "two changes of one edit about one created file",
      "    file: app.py\n    find: \"Hello\"\n    replace: \"Hi {{token}}\"\n",
      "    changes:\n      - { create: x, content: \"{{token}}\" }\n      - { create: ./x, content: \"\" }\n"),
    FaultCase(
      "replaces of two edits that overlap",
      "workflows:",
      "  other:\n    file: ./app.py\n    find: \"'Hello'\"\n    replace: \"{{token}}\"\nworkflows:"),
    FaultCase(
      "the same replace in two edits",
      "workflows:",
      "  other: { file: app.py, find: Hello, replace: \"{{token}}\", save: truncate }\nworkflows:"),
    FaultCase(
      "edits are not looked up in an app that is not there",
      [
        ("source: app", "source: nope"),
        ("find: \"Hello\"", "find: \"Nowhere\""),
      ],
      [
      ]),
  ]

  @Test(arguments: cases)
  func isReportedWhereItStandsWithAWayOut(_ fault: FaultCase) throws {
    let workspace = try Workspace()
    for f in workspace.faults(of: fault.text) { print("ROW|edits|\(fault.behaviour)|\(f)") }
  }
}
