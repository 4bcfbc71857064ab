import Containers
import Processes
import Testing

struct ContainerLabelTests {
  @Test func labelsSurviveBeingWrittenAndRead() throws {
    let label = ContainerLabel(session: "20261121-1")
    #expect(ContainerLabel(of: label.values) == label)
  }
}
