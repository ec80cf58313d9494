using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using ClinicFlow.Documents;
using Spectre.Console;

namespace ClinicFlow.Cli.Output;

/// <summary>
/// Where a command speaks. People read standard output and standard error; with <c>--json</c> standard output
/// holds one JSON object and nothing else, and all words go to standard error.
/// </summary>
internal sealed class CommandOutput
{
    private static readonly JsonSerializerOptions JsonOptions = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,

        // Names in every script stay readable; the text goes to a terminal or a program, never into a web page.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    private readonly bool _isJson;
    private readonly bool _isQuiet;
    private readonly TextWriter _words;

    /// <summary>Makes the output.</summary>
    /// <param name="isJson">Whether the result is asked for as JSON.</param>
    /// <param name="isQuiet">Whether progress and notes are left out; problems and the result are not.</param>
    public CommandOutput(bool isJson, bool isQuiet = false)
    {
        _isJson = isJson;
        _isQuiet = isQuiet;
        _words = isJson ? Console.Error : Console.Out;
        IsTerminal = !isJson && !Console.IsOutputRedirected && !Console.IsErrorRedirected;
        Terminal = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(_words) });
    }

    /// <summary>Whether the result is asked for as JSON.</summary>
    public bool IsJson => _isJson;

    /// <summary>Whether a person watches: bars and tables are drawn then, and plain lines written otherwise.</summary>
    public bool IsTerminal { get; }

    /// <summary>Whether progress is shown at all.</summary>
    public bool ShowsProgress => !_isQuiet;

    /// <summary>Draws bars and tables; only for use where <see cref="IsTerminal"/>.</summary>
    public IAnsiConsole Terminal { get; }

    /// <summary>Says something that <c>--quiet</c> leaves out.</summary>
    public void Note(string text)
    {
        if (!_isQuiet)
        {
            _words.WriteLine(text);
        }
    }

    /// <summary>Writes a line of the result; nothing with <c>--json</c>.</summary>
    public void Result(string text)
    {
        if (!_isJson)
        {
            _words.WriteLine(text);
        }
    }

    /// <summary>Says what is wrong, on standard error; <c>--quiet</c> does not silence it.</summary>
    public static void Error(string text) => Console.Error.WriteLine(text);

    /// <summary>Says problems, each with its place and cure.</summary>
    public void Problems(IEnumerable<Problem> problems)
    {
        if (_isJson)
        {
            return;
        }

        foreach (var problem in problems)
        {
            Error(ProblemText.Lines(problem));
        }
    }

    /// <summary>Writes the result as JSON where that is asked for.</summary>
    public void Json<T>(T result)
    {
        if (_isJson)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(result, JsonOptions));
        }
    }

    /// <summary>Writes a result as JSON into a file.</summary>
    public static void WriteJson<T>(string path, T result) => File.WriteAllText(path, JsonSerializer.Serialize(result, JsonOptions));
}
