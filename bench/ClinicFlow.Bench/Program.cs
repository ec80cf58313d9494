using System.Globalization;
using BenchmarkDotNet.Running;
using ClinicFlow.Bench;

// "table [SECONDS]" prints documents per second beside the peers, "pdf [SECONDS]" laid documents written per second,
// "engine [SECONDS]" PDFs made from templates ("engine-loop [SECONDS [sample|code]]" for a profiler,
// "engine-soak [PDFS]" for their memory), "cold" what a process does first,
// "batch [DOCUMENTS] [sample|long]" what the durable path of the batch engine costs, with the sample's template or one of
// 20 pages, "server [DOCUMENTS]" what the server adds to it;
// anything else is BenchmarkDotNet's.
return args is ["batch", ..] ? await DurablePath.PrintAsync(args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 100_000, args.Length > 2 ? args[2] : "sample")
    : args is ["batch-case", ..] ? await DurablePath.RunCaseAsync(args[1..])
    : args is ["server", ..] ? await ServerPath.PrintAsync(args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 10_000)
    : args is ["engine", ..] ? await EngineTable.PrintAsync(args.Length > 1 ? double.Parse(args[1], CultureInfo.InvariantCulture) : 5)
    : args is ["engine-loop", ..] ? EngineTable.Loop(args.Length > 1 ? double.Parse(args[1], CultureInfo.InvariantCulture) : 10, args.Length > 2 ? args[2] : "letter")
    : args is ["engine-soak", ..] ? EngineTable.Soak(args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 1_000_000)
    : args is ["cold"] ? await ColdStart.PrintAsync()
    : args is ["pdf", ..] ? PdfTable.Print(args.Length > 1 ? double.Parse(args[1], CultureInfo.InvariantCulture) : 5)
    : args is ["table", ..] ? Table.Print(args.Length > 1 ? double.Parse(args[1], CultureInfo.InvariantCulture) : 5)
    : Benchmarks(args);

static int Benchmarks(string[] args)
{
    BenchmarkSwitcher.FromAssembly(typeof(RenderBenchmarks).Assembly).Run(args);
    return 0;
}
