using System.Globalization;
using ExcelNumberFormat;

namespace ClinicFlow.Documents.Data;

/// <summary>
/// A number format of a workbook: whether its numbers are dates, and what a cell shows for one. A format that Excel
/// shows in the language of whoever looks (General, the short date) shows nothing of its own here, so that the
/// document's language decides.
/// </summary>
internal sealed class CellFormat
{
    /// <summary>Days from 1899-12-30 to 1904-01-01, the first day of workbooks from old Macintoshes (ECMA-376 Part 1 §18.17.4.1).</summary>
    private const int Days1904 = 1462;

    /// <summary>The day after 9999-12-31.</summary>
    private const double EndOfDates = 2_958_466;

    private readonly NumberFormat? _format;
    private readonly CultureInfo _culture;
    private readonly bool _isDate;
    private readonly bool _isDate1904;

    private CellFormat(NumberFormat? format, bool isDate, CultureInfo culture, bool isDate1904)
    {
        _format = format;
        _isDate = isDate;
        _culture = culture;
        _isDate1904 = isDate1904;
    }

    /// <summary>The format of a cell without one.</summary>
    public static CellFormat General(bool isDate1904) => new(null, false, CultureInfo.InvariantCulture, isDate1904);

    /// <summary>Makes a format.</summary>
    /// <param name="id">Its number; below 164 Excel knows it without a code (§18.8.30).</param>
    /// <param name="code">Its code, if the workbook gives one.</param>
    /// <param name="culture">The culture to show it in.</param>
    /// <param name="isDate1904">Whether the workbook counts days from 1904.</param>
    public static CellFormat Of(int id, string? code, CultureInfo culture, bool isDate1904)
    {
        code ??= BuiltIn(id);
        if (IsDateOfTheReader(id) || code.StartsWith("[$-F800]", StringComparison.OrdinalIgnoreCase) || code.StartsWith("[$-F400]", StringComparison.OrdinalIgnoreCase))
        {
            return new(null, true, culture, isDate1904);
        }

        if (code.Length is 0 or > 4096 || code.Equals("General", StringComparison.OrdinalIgnoreCase) || code == "@")
        {
            return General(isDate1904);
        }

        try
        {
            var format = new NumberFormat(code);
            return format.IsValid ? new(format, format.IsDateTimeFormat, CultureOf(code) ?? culture, isDate1904) : General(isDate1904);
        }
        catch (Exception e) when (e is FormatException or ArgumentException or IndexOutOfRangeException or InvalidOperationException or OverflowException)
        {
            return General(isDate1904);
        }
    }

    /// <summary>Makes the value of a cell that holds a number, with what it shows.</summary>
    public MergeValue ValueOf(double number)
    {
        if (_isDate && DateOf(number) is { } date)
        {
            return MergeValue.From(date, Show(date));
        }

        // Excel keeps 15 digits; so does this conversion.
        return Math.Abs(number) < 7.9e27
            ? MergeValue.From((decimal)number, _isDate ? null : Show(number))
            : MergeValue.From(number.ToString("R", CultureInfo.InvariantCulture));
    }

    /// <summary>The date of a serial number; null where Excel has none. 1900 counts as a leap year there, so its first days are one later.</summary>
    private DateTime? DateOf(double serial)
    {
        if (_isDate1904)
        {
            serial += Days1904;
        }
        else if (serial is >= 1 and < 60)
        {
            serial++;
        }

        return serial is >= 0 and < EndOfDates ? DateTime.FromOADate(serial) : null;
    }

    private string? Show(object value)
    {
        try
        {
            return _format?.Format(value, _culture, _isDate1904).Trim();
        }
        catch (Exception e) when (e is FormatException or ArgumentException or IndexOutOfRangeException or InvalidOperationException or OverflowException or InvalidCastException)
        {
            return null;
        }
    }

    private static bool IsDateOfTheReader(int id) => id is 14 or 22 or (>= 27 and <= 36) or (>= 50 and <= 58);

    /// <summary>The culture that a code names, as in <c>[$-407]d. mmmm yyyy</c> or <c>[$€-407]</c>.</summary>
    private static CultureInfo? CultureOf(string code)
    {
        var start = code.IndexOf("[$", StringComparison.Ordinal);
        var end = start < 0 ? -1 : code.IndexOf(']', start);
        if (end < 0)
        {
            return null;
        }

        var dash = code.IndexOf('-', start, end - start);
        var name = dash < 0 ? [] : code.AsSpan(dash + 1, end - dash - 1);
        try
        {
            if (int.TryParse(name, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var lcid))
            {
                // The lower half is the language; above it stand the calendar and the digits.
                return (lcid & 0xFFFF) == 0 ? null : CultureInfo.GetCultureInfo(lcid & 0xFFFF);
            }

            return name.Length < 2 ? null : CultureInfo.GetCultureInfo(name.ToString(), predefinedOnly: true);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static string BuiltIn(int id) => id switch
    {
        1 => "0",
        2 => "0.00",
        3 => "#,##0",
        4 => "#,##0.00",
        9 => "0%",
        10 => "0.00%",
        11 => "0.00E+00",
        12 => "# ?/?",
        13 => "# ??/??",
        15 => "d-mmm-yy",
        16 => "d-mmm",
        17 => "mmm-yy",
        18 => "h:mm AM/PM",
        19 => "h:mm:ss AM/PM",
        20 => "h:mm",
        21 => "h:mm:ss",
        37 => "#,##0 ;(#,##0)",
        38 => "#,##0 ;[Red](#,##0)",
        39 => "#,##0.00;(#,##0.00)",
        40 => "#,##0.00;[Red](#,##0.00)",
        45 => "mm:ss",
        46 => "[h]:mm:ss",
        47 => "mmss.0",
        48 => "##0.0E+0",
        _ => "",
    };
}
