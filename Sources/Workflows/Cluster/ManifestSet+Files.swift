import Foundation
import Kubernetes
import Scenarios

extension ManifestSet {
  /// Reads a scenario's manifests as they are now, and sees to it that a container among them runs the image.
  ///
  /// - Parameter kinds: objects of other kinds run nothing.
  static func read(
    _ spec: ClusterSpec, in tree: String, kinds: Set<String>
  ) throws(WorkflowFailure) -> ManifestSet {
    do {
      let names = try spec.manifestFiles(in: tree)
      guard !names.isEmpty else { throw ManifestFault.noManifests(patterns: spec.manifests) }
      var files: [(name: String, text: String)] = []
      for name in names {
        do {
          files.append((name, try String(contentsOfFile: "\(tree)/\(name)", encoding: .utf8)))
        } catch {
          throw ManifestFault.unreadable(file: name, reason: error.localizedDescription)
        }
      }
      let set = try ManifestSet(files: files)
      _ = try set.containers(
        running: ImageReference(spec.image.name), named: spec.container, in: kinds)
      return set
    } catch let fault as ManifestFault {
      throw .manifest(fault)
    } catch {
      throw .watch("\(error)")
    }
  }

  /// Nil if no pod asks for anything.
  func statedRequests() throws(WorkflowFailure) -> ResourceRequests? {
    do {
      let requests = try requests()
      return requests.isStated ? requests : nil
    } catch {
      throw .manifest(error)
    }
  }
}
