using System.Diagnostics;
using System.Globalization;
using ClinicFlow.Documents;
using ClinicFlow.Documents.Data;
using ClinicFlow.Documents.Engines;

// cold-start TEMPLATE DATA FOLDER: the documents of the first two records, made by a process that has done nothing before. Prints, in ms, what the compile of the
// template, the first PDF and the second took, and how old the process was when the first was there; leaves N.docx and N.pdf in the folder.
// "bench -- cold" publishes it in three ways and starts each a few times; a test compares its files, compiled ahead of time, with those of the library as it is.
if (args is not [var template, var data, var folder])
{
    Console.Error.WriteLine("cold-start TEMPLATE DATA FOLDER");
    return 1;
}

var bytes = File.ReadAllBytes(template);
var compile = Stopwatch.StartNew();
var compiled = TemplateCompiler.Compile(new MemoryStream(bytes));
compile.Stop();

using var source = File.OpenRead(data);
using var reader = RecordSource.Open(source, Path.GetFileName(data));
var options = new RenderOptions { Culture = CultureInfo.GetCultureInfo("en-GB"), JobTime = new DateTime(2026, 11, 23, 9, 0, 0), MissingData = MissingData.Blank };
var engine = new NativeEngine();
var times = new List<double>();
var age = TimeSpan.Zero;
foreach (var read in reader.Read().Take(2))
{
    var record = ((RecordRead.Good)read).Record;
    var make = Stopwatch.StartNew();
    var bound = ((BindResult.Bound)compiled.Bind(record, options)).Document;
    var pdf = engine.Convert(bound);
    times.Add(make.Elapsed.TotalMilliseconds);
    if (times.Count == 1)
    {
        using var process = Process.GetCurrentProcess();
        age = DateTime.Now - process.StartTime;
    }

    File.WriteAllBytes(Path.Combine(folder, $"{times.Count}.pdf"), pdf.Pdf.Span);
    File.WriteAllBytes(Path.Combine(folder, $"{times.Count}.docx"), bound.ToDocx().Span);
}

Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{compile.Elapsed.TotalMilliseconds:F1} {times[0]:F1} {times[1]:F1} {age.TotalMilliseconds:F0}"));
return 0;
