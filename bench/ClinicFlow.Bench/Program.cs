using System.Globalization;
using BenchmarkDotNet.Running;
using ClinicFlow.Bench;

// "table [SECONDS]" prints documents per second beside the peers; anything else is BenchmarkDotNet's.
return args is ["table", ..]
    ? Table.Print(args.Length > 1 ? double.Parse(args[1], CultureInfo.InvariantCulture) : 5)
    : Benchmarks(args);

static int Benchmarks(string[] args)
{
    BenchmarkSwitcher.FromAssembly(typeof(RenderBenchmarks).Assembly).Run(args);
    return 0;
}
