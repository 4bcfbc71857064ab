import Containers
import Kubernetes
import Measurement
package import Processes
import Scenarios

extension ClusterSession {
  /// devbench with all that it started here counts: it watches, builds and sends, and the link is in it. The
  /// containers count where they run on this machine and stand for nothing else.
  package func footprint() async -> FootprintRoots {
    var roots = FootprintRoots()
    guard let loop = runningLoop else { return roots }
    roots.trees = [.current]
    let isRemote = setup.workflow.kind == .remoteCluster
    if !isRemote { roots.containers = await loop.deployment.members }
    if isRemote {
      roots.leftOut.append(
        "what runs in the remote doesn't count: it stands for, or is, another machine")
    } else if setup.path.cluster?.kubernetes != nil {
      roots.leftOut.append(
        "the cluster's own processes don't count, such as kubelet and the API server, nor do containers that "
          + "don't run the app")
    }
    return roots
  }

  package func occupiedSpace() async throws(WorkflowFailure) -> [OccupiedSpace] {
    guard let (podman, label, tag, scratch) = stored else { return [] }
    let space: EngineSpace
    do throws(EngineFailure) {
      space = try await podman.space(of: label, tag: tag)
    } catch {
      throw .engine(error)
    }
    return [
      OccupiedSpace(
        "images", bytes: UInt64(max(0, space.layers)),
        source: "podman history, layers: \(space.layerCount), images: \(space.imageCount)"),
      OccupiedSpace(
        "containers", bytes: UInt64(max(0, space.writable)),
        source: "podman ps --size, writable layers: \(space.containerCount)"),
      OccupiedSpace("scratch files", bytes: DiskSpace.occupied(by: scratch), source: "lstat(2)"),
    ]
  }

  package func requestedResources() async throws(WorkflowFailure) -> RequestedResources? {
    guard let loop = runningLoop, let requests = try await loop.deployment.requests else {
      return nil
    }
    return RequestedResources(
      processors: requests.processors, memory: requests.memory, pods: requests.pods,
      silentPods: requests.silentPods)
  }
}
