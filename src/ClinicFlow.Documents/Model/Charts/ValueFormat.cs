using System.Globalization;
using ExcelFormat = ExcelNumberFormat.NumberFormat;

namespace ClinicFlow.Documents.Model.Charts;

/// <summary>How a chart shows a number: a format code as workbooks have them (§18.8.31). Total: a number that the code cannot show is shown in general form.</summary>
internal sealed class ValueFormat
{
    /// <summary>The code of the short day of the machine (format 14, §18.8.30), however that writes it.</summary>
    public const string MachineDay = "m/d/yyyy";

    private const int LongestCode = 255;

    private readonly ExcelFormat? _format;
    private readonly NumberSigns _signs;

    private ValueFormat(ExcelFormat? format, NumberSigns signs) => (_format, _signs) = (format, signs);

    /// <summary>Whether it shows days or times.</summary>
    public bool IsDate => _format?.IsDateTimeFormat == true;

    /// <summary>The format without a code.</summary>
    public static ValueFormat General(NumberSigns signs) => new(null, signs);

    /// <summary>Parses a code; null where it is none.</summary>
    public static ValueFormat? Parse(string code, NumberSigns signs)
    {
        if (code.Length == 0 || code.Equals("General", StringComparison.OrdinalIgnoreCase) || code == "@")
        {
            return General(signs);
        }

        if (code.Equals(MachineDay, StringComparison.OrdinalIgnoreCase))
        {
            code = signs.ShortDay ?? "";
        }

        if (code.Length is 0 or > LongestCode)
        {
            return null;
        }

        try
        {
            var format = new ExcelFormat(code);
            return format.IsValid ? new(format, signs) { ShowsDay = code.Contains('d', StringComparison.OrdinalIgnoreCase) } : null;
        }
        catch (Exception e) when (e is FormatException or ArgumentException or IndexOutOfRangeException or InvalidOperationException or OverflowException)
        {
            return null;
        }
    }

    /// <summary>Whether days are told apart by it: whether it shows the day of the month.</summary>
    public bool ShowsDay { get; private init; }

    /// <summary>The number as text.</summary>
    public string Show(double number)
    {
        // A sum such as 0.30000000000000004 is 0.3 for whoever reads it.
        number = double.Parse(number.ToString("G15", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        if (_format is not null)
        {
            try
            {
                return _format.Format(number, _signs.Culture, _signs.IsDate1904).Trim();
            }
            catch (Exception e) when (e is FormatException or ArgumentException or IndexOutOfRangeException or InvalidOperationException or OverflowException or InvalidCastException)
            {
                // As below.
            }
        }

        // General: ten digits, as Excel has them.
        var size = Math.Abs(number);
        return size is >= 1e-9 and < 1e11 or 0
            ? Math.Round(number, size < 10 ? 9 : Math.Clamp(9 - (int)Math.Log10(size), 0, 9)).ToString("0.#########", _signs.Culture)
            : number.ToString("0.#####E+00", _signs.Culture);
    }
}

/// <summary>What numbers and days are written with.</summary>
/// <param name="Culture">Signs and names.</param>
/// <param name="IsDate1904">Whether days are counted from 1904 (c:date1904).</param>
/// <param name="ListSeparator">Between the parts of a label; empty where it is not known.</param>
/// <param name="ShortDay">The code of a day as the machine writes it in short; null where that is not known.</param>
internal sealed record NumberSigns(CultureInfo Culture, bool IsDate1904, string ListSeparator = "", string? ShortDay = ValueFormat.MachineDay);
