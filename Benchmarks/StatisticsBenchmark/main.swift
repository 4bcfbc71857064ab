// What Benchmarks/statistics runs: whether the statistics keep what they promise, on synthetic data
// whose truth is known. Every seed is stated, so every figure can be had again. Exits with 1 if one is
// missed.
import Foundation
import Statistics

var report = Report()
let parts = CommandLine.arguments.dropFirst()
if parts.isEmpty || parts.contains("alarms") { Alarms().run(&report) }
if parts.isEmpty || parts.contains("coverage") { Coverage().run(&report) }
if parts.isEmpty || parts.contains("histories") { Histories().run(&report) }
print("")
for miss in report.missed { print("MISSED: \(miss)") }
if report.missed.isEmpty { print("All figures are met.") }
exit(report.missed.isEmpty ? 0 : 1)
