import Processes
import Testing
import Workflows

@testable import Runner

@Suite("Whether requests fit a workstation")
struct RequestFitTests {
  @Test(
    "what is missing is told",
    arguments: [
      (1.0, 2.0, "yes"), (0, 0, "yes"), (16, 4, "yes"),
      (16.5, 1, "no: 16.50 GiB of memory are requested, and the workstation has 16 GiB"),
      (1, 4.25, "no: 4.25 processors are requested, and the workstation has 4"),
      (
        32, 8,
        "no: 32 GiB of memory are requested, and the workstation has 16 GiB; 8 processors are requested, and "
          + "the workstation has 4"
      ),
      (1e30, 1, "no: 1e+30 GiB of memory are requested, and the workstation has 16 GiB"),
    ] as [(Double, Double, String)])
  func fit(gibibytes: Double, processors: Double, sentence: String) throws {
    var station = try #require(Workstation())
    (station.memory, station.processors) = (16 << 30, 4)
    let requested = RequestedResources(
      processors: processors, memory: gibibytes * 0x1p30, pods: 1, silentPods: 0)
    #expect(RequestFit.sentence(of: requested, on: station) == sentence)
  }
}
