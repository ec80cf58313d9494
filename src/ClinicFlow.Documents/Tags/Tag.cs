using System.Globalization;

namespace ClinicFlow.Documents.Tags;

/// <summary>What stands between <c>{{</c> and <c>}}</c>, parsed. Immutable; made by <see cref="TagParser"/>.</summary>
internal abstract record Tag
{
    private Tag()
    {
    }

    /// <summary><c>{{patient.name | upper}}</c>.</summary>
    internal sealed record Value(Expression Expression) : Tag;

    /// <summary><c>{{#each visits where paid order by date}}</c>; with <c>columns</c> it repeats table columns.</summary>
    internal sealed record Each(Expression List, Condition? Where, OrderBy? OrderBy, bool Columns) : Tag;

    /// <summary><c>{{#if insured}}</c>; <c>{{#unless insured}}</c> is the same with the condition turned round.</summary>
    internal sealed record If(Condition Condition) : Tag;

    /// <summary><c>{{else if minor}}</c>.</summary>
    internal sealed record ElseIf(Condition Condition) : Tag;

    /// <summary><c>{{else}}</c>.</summary>
    internal sealed record Else : Tag;

    /// <summary><c>{{#name}}</c>, or <c>{{^name}}</c> where <paramref name="Inverted"/>.</summary>
    internal sealed record Section(Expression Expression, bool Inverted) : Tag;

    /// <summary><c>{{/each}}</c>, <c>{{/if}}</c>, <c>{{/name}}</c>, <c>{{/}}</c>.</summary>
    /// <param name="Keyword"><c>each</c> or <c>if</c> in lower case, the name as written, or empty.</param>
    internal sealed record End(string Keyword) : Tag;

    /// <summary><c>{{image photo | fit:40mm,30mm}}</c>.</summary>
    internal sealed record Image(Expression Expression, DrawingSize Size) : Tag;

    /// <summary><c>{{qr mrn | size:20mm}}</c>.</summary>
    internal sealed record Qr(Expression Expression, DrawingSize Size) : Tag;

    /// <summary><c>{{barcode code128 mrn}}</c>.</summary>
    internal sealed record Barcode(BarcodeKind Kind, Expression Expression, DrawingSize Size) : Tag;

    /// <summary><c>{{html note}}</c>.</summary>
    internal sealed record Html(Expression Expression) : Tag;

    /// <summary><c>{{markdown note}}</c>.</summary>
    internal sealed record Markdown(Expression Expression) : Tag;

    /// <summary><c>{{checkbox consent}}</c>.</summary>
    internal sealed record Checkbox(Condition Condition) : Tag;

    /// <summary><c>{{pagebreak}}</c>.</summary>
    internal sealed record PageBreak : Tag;

    /// <summary><c>{{! a comment }}</c>.</summary>
    internal sealed record Comment : Tag;
}

/// <summary>A parsed tag, or what is wrong with it; never both and never neither.</summary>
/// <param name="Tag">The tag.</param>
/// <param name="Problem">What is wrong, without a place: the caller knows it.</param>
internal readonly record struct TagParse(Tag? Tag, Problem? Problem);

/// <summary>Which symbols a <c>{{barcode}}</c> tag draws.</summary>
internal enum BarcodeKind
{
    /// <summary>Code 128.</summary>
    Code128,

    /// <summary>Code 39.</summary>
    Code39,

    /// <summary>EAN-13.</summary>
    Ean13,

    /// <summary>EAN-8.</summary>
    Ean8,

    /// <summary>UPC-A.</summary>
    UpcA,

    /// <summary>Interleaved 2 of 5 with 14 digits.</summary>
    Itf14,

    /// <summary>A QR code.</summary>
    Qr,
}

/// <summary>The size that a drawing tag asks for. The default asks for none.</summary>
/// <param name="WidthEmu">The width in EMU; 0 where the tag leaves it open.</param>
/// <param name="HeightEmu">The height in EMU; 0 where the tag leaves it open.</param>
/// <param name="Fits">Whether width and height are a frame to fit into with the proportions kept; otherwise they are exact.</param>
internal readonly record struct DrawingSize(long WidthEmu, long HeightEmu, bool Fits)
{
    // Word draws nothing larger than its largest page, 22 inches.
    private const long MaxEmu = 22 * 914_400;

    /// <summary>Whether the tag asks for no size.</summary>
    public bool IsNatural => WidthEmu == 0 && HeightEmu == 0;

    /// <summary>Reads a length such as <c>40mm</c>, in mm (also without a unit), cm, in, pt or px, as EMU.</summary>
    public static bool TryReadLength(string text, out long emu)
    {
        emu = 0;
        var length = text.AsSpan().Trim();
        var number = length.TrimEnd("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
        decimal emuPerUnit = length[number.Length..].ToString().ToUpperInvariant() switch
        {
            "MM" or "" => 36_000,
            "CM" => 360_000,
            "IN" => 914_400,
            "PT" => 12_700,
            "PX" => 9_525,
            _ => 0,
        };
        if (emuPerUnit == 0 || !decimal.TryParse(number.TrimEnd(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var units)
            || units <= 0 || units > MaxEmu / emuPerUnit)
        {
            return false;
        }

        emu = (long)(units * emuPerUnit);
        return emu > 0;
    }
}
