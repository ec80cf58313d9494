using System.Buffers;
using BenchmarkDotNet.Attributes;
using ClinicFlow.Documents;

namespace ClinicFlow.Bench;

/// <summary>The sample: compiling its template, rendering one record.</summary>
[MemoryDiagnoser]
public class RenderBenchmarks
{
    private readonly ArrayBufferWriter<byte> _output = Measure.Buffer();
    private SampleBatch _sample = null!;
    private int _turn;

    [GlobalSetup]
    public void Setup() => _sample = SampleBatch.Load();

    [Benchmark]
    public int Compile()
    {
        using var stream = new MemoryStream(_sample.Docx);
        return TemplateCompiler.Compile(stream).Fields.Count;
    }

    [Benchmark]
    public int Render()
    {
        _output.ResetWrittenCount();
        _sample.Template.RenderDocx(_sample.Records[_turn++ % _sample.Records.Length], SampleBatch.Options, _output);
        return _output.WrittenCount;
    }
}
