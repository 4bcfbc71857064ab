import Testing

@testable import Containers

struct DockerfileLabelTests {
  @Test(arguments: [
    ("FROM a\nRUN x", "FROM a\nLABEL\nRUN x"),
    ("FROM a", "FROM a\nLABEL"),
    ("FROM a AS b\nRUN x\nFROM c\nCMD x", "FROM a AS b\nRUN x\nFROM c\nLABEL\nCMD x"),
    ("FROM \\\n  a\nRUN x", "FROM \\\n  a\nLABEL\nRUN x"),
    ("FROM a \\\n# c\n\n AS b\nRUN x", "FROM a \\\n# c\n\n AS b\nLABEL\nRUN x"),
    ("# escape=`\nFROM `\n  a\nRUN x", "# escape=`\nFROM `\n  a\nLABEL\nRUN x"),
    ("FROM a\nRUN <<E\nFROM b\nE\nCMD x", "FROM a\nLABEL\nRUN <<E\nFROM b\nE\nCMD x"),
    ("ARG B=c\nFROM ${B}\n# FROM x", "ARG B=c\nFROM ${B}\nLABEL\n# FROM x"),
  ])
  func labelStandsBelowTheLastStagesFROM(_ text: String, _ wanted: String) throws {
    let got = try Dockerfile.labelled(text, key: "k", value: "v")
    #expect(got == wanted.replacing("LABEL", with: "LABEL \"k\"=\"v\""))
  }
}
