/// The file that `devbench choose --init` writes.
package enum DecisionTemplate {
  package static let text = """
    # What your team weighs, and its numbers: what "devbench choose" reads. Every number here is an example:
    # replace it by your own, or remove the line. What isn't given isn't computed. docs/choose.md explains all.

    # Only a weight's part of the sum counts. 0, or no line: shown in the report, and not ranked.
    # The waiting of a day is in "cost", so "inner-loop" and "cost" weigh the same seconds twice.
    weights:
      inner-loop: 3          # median over the workflow's best path
      inner-loop-p90: 1      # one edit in ten is slower
      # all-paths: 0         # median over all its paths; all-paths-p90
      # set-up-cold: 0       # from nothing to the first answer
      set-up-warm: 1         # with images and caches there
      memory: 1              # of the workstation, in the loop
      # processor: 0         # idle, CPU seconds a minute; processor-per-edit
      # disk: 0              # occupied
      parity: 3              # facts of the runtime equal to the reference's
      reproducibility: 1     # equal when set up twice from scratch
      recovery: 1            # median until served again after a fault; recovery-worst
      recovery-alone: 1      # part of the faults that needed no hand
      edits-kept: 1          # part of the edits made meanwhile that were served
      break-fix: 1           # from an error's correction until it is served
      offline: 1             # part of the edits served while the link is down
      # sharing: 0           # latency of several developers to that of one
      # traffic: 0           # bytes an edit over the link
      # cost: 0              # waiting, cluster and workstations, a month
      # portability: 1       # what is under "stated" is weighed by its name

    team:
      developers: 5
      edits-per-hour: 20     # saves of one developer that are looked at
      hours-per-day: 6       # in which one saves and looks
      days-per-month: 20
      hourly-cost: 60        # of one developer
      currency: EUR
      cluster-per-month: 400 # of the remote cluster, for the whole team
      workstation: { price: 2000, years: 4 }
      # workstations:        # where a workflow needs another one
      #   remote-cluster: { price: 900, years: 4 }

    # What a workflow must come to, or it isn't ranked: at most this much, of shares at least.
    thresholds:
      memory: 16 GB
      # inner-loop: 2s
      # offline: true        # the same as 1: all edits served while the link is down
      # parity: 0.9

    # What nobody can measure here, from 0 to 1 (best). Say why: the report shows it. A claim's name
    # (docs/choose.md) states that claim.
    # stated:
    #   portability:
    #     local-native: { value: 0.3, why: "each system needs its own instructions" }
    #     local-cluster: { value: 0.8, why: "the same images on Linux and macOS" }
    #     remote-cluster: { value: 0.9, why: "only the sync runs here" }

    # The link that counts where a workflow was measured over several; by default the scenario's first.
    # link: home-fiber

    # Whose runtime the others' are compared with.
    reference: remote-cluster

    # Facts that aren't compared, besides what varies anyway (docs/parity.md).
    # ignore: [environment/MY_*, place/directory]

    """
}
