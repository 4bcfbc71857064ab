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
        "5:8: \"edits\" is empty; name at least one change"
      ]),
    FaultCase(
      "an edit name with other characters",
      "  message:",
      "  \"my edit\":",
      "6:3: \"my edit\" can't name an edit; write letters, digits, \"-\", \"_\" and \".\", at most 64 characters"
    ),
    FaultCase(
      "a file that the app lacks",
      "file: app.py",
      "file: ap.py",
      "7:11: no file \"ap.py\" in the app's directory; write the path of a file that it has"),
    FaultCase(
      "a file that is a directory",
      "file: app.py",
      "file: static",
      "7:11: \"static\" is a directory; write the path of a file in it"),
    FaultCase(
      "a file that leaves upwards",
      "file: app.py",
      "file: ../outside.py",
      "7:11: \"../outside.py\" leaves the app's directory; write a path without \"..\""),
    FaultCase(
      "an absolute file",
      "file: app.py",
      "file: /etc/passwd",
      "7:11: \"/etc/passwd\" is absolute; write a path relative to the app's directory"),
    FaultCase(
      "a file that leaves through a link",
      "file: app.py",
      "file: link.py",
      "7:11: \"link.py\" leads through a symbolic link out of the app's directory, or nowhere; write the path of a file inside it"
    ),
    FaultCase(
      "a link to nowhere",
      "file: app.py",
      "file: nowhere",
      "7:11: \"nowhere\" leads through a symbolic link out of the app's directory, or nowhere; write the path of a file inside it"
    ),
    FaultCase(
      "an empty file name",
      "file: app.py",
      "file: \"\"",
      "7:11: \"file\" is empty; write some text"),
    FaultCase(
      "a find text that occurs nowhere",
      "find: \"Hello\"",
      "find: \"Helo\"",
      "8:11: the text occurs nowhere in \"app.py\"; copy the text from the file, spaces included"),
    FaultCase(
      "a find text that occurs twice",
      "find: \"Hello\"",
      "find: \"def \"",
      "8:11: the text occurs twice in \"app.py\", on lines 1, 4; add neighbouring text until it occurs once"
    ),
    FaultCase(
      "a find text that occurs twice on one line of another file",
      [
        ("file: app.py", "file: twice.py"),
        ("find: \"Hello\"", "find: \"e\""),
      ],
      [
        "8:11: the text occurs 3 times in \"twice.py\", on lines 1, 2; add neighbouring text until it occurs once"
      ]),
    FaultCase(
      "a find text that occurs often",
      "find: \"Hello\"",
      "find: \"e\"",
      "8:11: the text occurs 8 times in \"app.py\", on lines 1, 2, 4, …; add neighbouring text until it occurs once"
    ),
    FaultCase(
      "an empty find text",
      "find: \"Hello\"",
      "find: \"\"",
      "8:11: \"find\" is empty; write some text"),
    FaultCase(
      "a find text over lines that end in CR LF",
      [
        ("file: app.py", "file: crlf.txt"),
        ("find: \"Hello\"", "find: \"first\\nsecond\""),
      ],
      [
        "8:11: the text occurs nowhere in \"crlf.txt\"; the file's lines end in CR LF, so write one line only"
      ]),
    FaultCase(
      "a replacement that is a number",
      "replace: \"Hi {{token}}\"",
      "replace: 42",
      "9:14: \"replace\" must be text, but is a number; write it in quotes"),
    FaultCase(
      "a missing find",
      "    find: \"Hello\"\n",
      "",
      "7:5: the edit \"message\" lacks the key \"find\"; write the text to replace"),
    FaultCase(
      "a missing replace",
      "    replace: \"Hi {{token}}\"\n",
      "",
      "7:5: the edit \"message\" lacks the key \"replace\"; write the new text, with {{token}}"),
    FaultCase(
      "an edit without token",
      "Hi {{token}}",
      "Hi {{ token }}",
      "6:3: no change of the edit \"message\" carries {{token}}, so new code couldn't be told from old; write {{token}} in replace or content"
    ),
    FaultCase(
      "an unknown save style",
      "    find:",
      "    save: renam\n    find:",
      "8:11: unknown save \"renam\"; did you mean \"rename\"?"),
    FaultCase(
      "an edit that is text",
      "    file: app.py\n    find: \"Hello\"\n    replace: \"Hi {{token}}\"\n",
      "    nothing\n",
      "7:5: the edit \"message\" must be a mapping, but is text; write keys with values, such as file: …"
    ),
    FaultCase(
      "an edit that changes nothing",
      "    file: app.py\n    find: \"Hello\"\n    replace: \"Hi {{token}}\"\n",
      "    save: rename\n",
      "7:5: the edit \"message\" says nothing to change; write file, find and replace; or create, append or delete"
    ),
    FaultCase(
      "a create of a file that exists",
      "    file: app.py\n    find: \"Hello\"\n    replace: \"Hi {{token}}\"\n",
      "    create: app.py\n    content: \"{{token}}\"\n",
      "7:13: \"app.py\" exists already; write the path of a new file, or change this one with file, find and replace"
    ),
    FaultCase(
      "a create of a link to nowhere",
      "    file: app.py\n    find: \"Hello\"\n    replace: \"Hi {{token}}\"\n",
      "    create: nowhere\n    content: \"{{token}}\"\n",
      "7:13: \"nowhere\" leads through a symbolic link out of the app's directory, or nowhere; write the path of a file inside it"
    ),
    FaultCase(
      "a create below a file",
      "    file: app.py\n    find: \"Hello\"\n    replace: \"Hi {{token}}\"\n",
      "    create: app.py/x\n    content: \"{{token}}\"\n",
      "7:13: \"app.py/x\" can't be created, since a part of its path isn't a directory; write another path"
    ),
    FaultCase(
      "a create outside",
      "    file: app.py\n    find: \"Hello\"\n    replace: \"Hi {{token}}\"\n",
      "    create: ../x\n    content: \"{{token}}\"\n",
      "7:13: \"../x\" leaves the app's directory; write a path without \"..\""),
    FaultCase(
      "a create without content",
      "    file: app.py\n    find: \"Hello\"\n    replace: \"Hi {{token}}\"\n",
      "    create: x\n",
      "7:5: the edit \"message\" lacks the key \"content\"; write the new file's text"),
    FaultCase(
      "an append to a file that is not there",
      "    file: app.py\n    find: \"Hello\"\n    replace: \"Hi {{token}}\"\n",
      "    append: x\n    content: \"{{token}}\"\n",
      "7:13: no file \"x\" in the app's directory; write the path of a file that it has"),
    FaultCase(
      "an append with a save style",
      "    file: app.py\n    find: \"Hello\"\n    replace: \"Hi {{token}}\"\n",
      "    append: app.py\n    content: \"{{token}}\"\n    save: rename\n",
      "9:5: \"save\" doesn't go with \"append\"; remove it"),
    FaultCase(
      "a delete of a file that is not there",
      "    file: app.py\n    find: \"Hello\"\n    replace: \"Hi {{token}}\"\n",
      "    delete: x\n",
      "7:13: no file \"x\" in the app's directory; write the path of a file that it has"),
    FaultCase(
      "a delete carries no token",
      "    file: app.py\n    find: \"Hello\"\n    replace: \"Hi {{token}}\"\n",
      "    delete: app.py\n",
      "6:3: no change of the edit \"message\" carries {{token}}, so new code couldn't be told from old; write {{token}} in replace or content"
    ),
    FaultCase(
      "a delete with content and save style",
      "    file: app.py\n    find: \"Hello\"\n    replace: \"Hi {{token}}\"\n",
      "    delete: app.py\n    content: \"{{token}}\"\n    save: truncate\n",
      "6:3: no change of the edit \"message\" carries {{token}}, so new code couldn't be told from old; write {{token}} in replace or content",
      "8:5: \"content\" doesn't go with \"delete\"; remove it",
      "9:5: \"save\" doesn't go with \"delete\"; remove it"),
    FaultCase(
      "a create with find",
      "    file: app.py\n    find: \"Hello\"\n    replace: \"Hi {{token}}\"\n",
      "    create: x\n    content: \"{{token}}\"\n    find: y\n",
      "9:5: \"find\" doesn't go with \"create\"; remove it, or write two changes under \"changes\""),
    FaultCase(
      "changes beside a change",
      "    file: app.py\n    find: \"Hello\"\n    replace: \"Hi {{token}}\"\n",
      "    file: app.py\n    find: \"Hello\"\n    replace: \"Hi {{token}}\"\n    changes: [ { delete: twice.py } ]\n",
      "6:3: no change of the edit \"message\" carries {{token}}, so new code couldn't be told from old; write {{token}} in replace or content",
      "7:5: \"file\" doesn't go with \"changes\"; move it into one of the changes",
      "8:5: \"find\" doesn't go with \"changes\"; move it into one of the changes",
      "9:5: \"replace\" doesn't go with \"changes\"; move it into one of the changes"),
    FaultCase(
      "changes that are empty",
      "    file: app.py\n    find: \"Hello\"\n    replace: \"Hi {{token}}\"\n",
      "    changes: []\n",
      "7:14: \"changes\" is empty; write at least one change, after a dash"),
    FaultCase(
      "changes that are no list",
      "    file: app.py\n    find: \"Hello\"\n    replace: \"Hi {{token}}\"\n",
      "    changes: { delete: app.py }\n",
      "7:14: \"changes\" must be a list, but is a mapping; write at least one change, after a dash"),
    FaultCase(
      "an unknown key in one of several changes",
      "    file: app.py\n    find: \"Hello\"\n    replace: \"Hi {{token}}\"\n",
      "    changes:\n      - { create: x, contents: \"{{token}}\" }\n",
      "8:22: unknown key \"contents\"; did you mean \"content\"?"),
    FaultCase(
      "two changes of one edit about one created file",
      "    file: app.py\n    find: \"Hello\"\n    replace: \"Hi {{token}}\"\n",
      "    changes:\n      - { create: x, content: \"{{token}}\" }\n      - { create: ./x, content: \"\" }\n",
      "9:19: another change of this edit is about \"./x\" too; write two edits, or one change"),
    FaultCase(
      "replaces of two edits that overlap",
      "workflows:",
      "  other:\n    file: ./app.py\n    find: \"'Hello'\"\n    replace: \"{{token}}\"\nworkflows:",
      "12:11: the text overlaps the one that the edit \"message\" replaces in \"./app.py\" (line 8); choose texts apart from each other"
    ),
    FaultCase(
      "the same replace in two edits",
      "workflows:",
      "  other: { file: app.py, find: Hello, replace: \"{{token}}\", save: truncate }\nworkflows:",
      "10:32: the text overlaps the one that the edit \"message\" replaces in \"app.py\" (line 8); choose texts apart from each other"
    ),
    FaultCase(
      "edits are not looked up in an app that is not there",
      [
        ("source: app", "source: nope"),
        ("find: \"Hello\"", "find: \"Nowhere\""),
      ],
      [
        "3:11: no directory \"nope\" beside the scenario file; write the path of the app's directory, relative to the scenario file"
      ]),
  ]

  @Test(arguments: cases)
  func isReportedWhereItStandsWithAWayOut(_ fault: FaultCase) throws {
    let workspace = try Workspace()
    #expect(workspace.faults(of: fault.text) == fault.faults)
  }
}
