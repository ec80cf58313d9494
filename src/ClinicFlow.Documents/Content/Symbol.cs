using System.Collections.Immutable;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace ClinicFlow.Documents.Content;

/// <summary>The machine-readable symbols that a value can be drawn as.</summary>
internal enum SymbolKind
{
    /// <summary>Code 128, with the shortest mix of its code sets (ISO/IEC 15417).</summary>
    Code128,

    /// <summary>Code 39 without full ASCII and without check character (ISO/IEC 16388).</summary>
    Code39,

    /// <summary>EAN-13 (ISO/IEC 15420).</summary>
    Ean13,

    /// <summary>EAN-8 (ISO/IEC 15420).</summary>
    Ean8,

    /// <summary>UPC-A (ISO/IEC 15420).</summary>
    UpcA,

    /// <summary>ITF-14: interleaved 2 of 5 with 14 digits (ISO/IEC 16390, GS1 General Specifications).</summary>
    Itf14,

    /// <summary>A QR code (ISO/IEC 18004).</summary>
    Qr,
}

/// <summary>How much of a QR code may be damaged: 7, 15, 25 or 30 percent. Word's <c>\q</c> counts them 0 to 3.</summary>
internal enum QrCorrection
{
    /// <summary>7 percent.</summary>
    Low,

    /// <summary>15 percent; enough for paper that is printed well, and the default.</summary>
    Medium,

    /// <summary>25 percent.</summary>
    Quartile,

    /// <summary>30 percent.</summary>
    High,
}

/// <summary>A dark rectangle of a symbol, counted in modules from the top left of the quiet zone.</summary>
internal readonly record struct DarkArea(int Column, int Row, int Width, int Height);

/// <summary>
/// A value as dark and light modules, quiet zone included. Knows no unit of length: <see cref="SymbolSize"/> and
/// <see cref="SymbolXml"/> put it on paper.
/// </summary>
/// <param name="Kind">What it is.</param>
/// <param name="Columns">Its width in modules.</param>
/// <param name="Rows">Its height in modules; 1 for bars, whose height says nothing.</param>
/// <param name="Dark">What is dark, row by row. No two areas touch or overlap but at edges.</param>
/// <param name="Text">The value as people read it, check digit included; empty for QR codes.</param>
internal sealed record Symbol(SymbolKind Kind, int Columns, int Rows, ImmutableArray<DarkArea> Dark, string Text)
{
    /// <summary>Encodes a value.</summary>
    /// <param name="kind">As which symbol.</param>
    /// <param name="value">The value. Check digits are added where they are missing, and verified where they are there.</param>
    /// <param name="correction">For QR codes.</param>
    /// <param name="symbol">The symbol.</param>
    /// <param name="reason">Where the answer is no: why, to follow on "the value"; never any of the value.</param>
    public static bool TryEncode(
        SymbolKind kind,
        string value,
        QrCorrection correction,
        [NotNullWhen(true)] out Symbol? symbol,
        [NotNullWhen(false)] out string? reason)
    {
        (symbol, reason) = kind switch
        {
            _ when value.Length == 0 => (null, "is empty"),
            SymbolKind.Code128 => Code128.Encode(value),
            SymbolKind.Code39 => Code39.Encode(value),
            SymbolKind.Ean13 or SymbolKind.Ean8 or SymbolKind.UpcA => EanCode.Encode(kind, value),
            SymbolKind.Itf14 => Itf14.Encode(value),
            SymbolKind.Qr => QrSymbol.Encode(value, correction),
            _ => throw new UnreachableException($"{kind}"),
        };
        reason = symbol is null ? reason ?? "cannot be encoded" : null;
        return symbol is not null;
    }

    /// <summary>A symbol of bars.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="widths">The widths of bars and spaces in turn, a bar first.</param>
    /// <param name="quietBefore">The light modules before.</param>
    /// <param name="quietAfter">The light modules after.</param>
    /// <param name="text">The value as people read it.</param>
    internal static Symbol OfBars(SymbolKind kind, ReadOnlySpan<byte> widths, int quietBefore, int quietAfter, string text)
    {
        var dark = ImmutableArray.CreateBuilder<DarkArea>((widths.Length + 1) / 2);
        var column = quietBefore;
        for (var i = 0; i < widths.Length; i++)
        {
            if (i % 2 == 0)
            {
                dark.Add(new DarkArea(column, 0, widths[i], 1));
            }

            column += widths[i];
        }

        return new Symbol(kind, column + quietAfter, 1, dark.DrainToImmutable(), text);
    }
}

/// <summary>The size of a symbol on the page, quiet zone and text line included.</summary>
internal readonly record struct SymbolSize(Emu Width, Emu Height)
{
    /// <summary>The size for the lengths that an author names.</summary>
    /// <param name="symbol">What is drawn.</param>
    /// <param name="widthEmu">The width asked for; 0 for the natural one.</param>
    /// <param name="heightEmu">The height asked for; 0 for the natural one.</param>
    /// <param name="fits">Whether both are a frame to fit into; otherwise they are exact.</param>
    /// <param name="maxWidth">The room there is; a symbol without a size asked for is no wider. Zero for no limit.</param>
    public static SymbolSize Of(Symbol symbol, long widthEmu, long heightEmu, bool fits, Emu maxWidth)
    {
        var natural = Natural(symbol);
        if (widthEmu <= 0 && heightEmu <= 0)
        {
            return maxWidth.Value > 0 && natural.Width.Value > maxWidth.Value
                ? new(maxWidth, symbol.Kind == SymbolKind.Qr ? maxWidth : natural.Height)
                : natural;
        }

        // A QR code is square, whatever it is asked to be: scanners need square modules.
        if (symbol.Kind == SymbolKind.Qr)
        {
            var side = new Emu(Math.Min(widthEmu > 0 ? widthEmu : heightEmu, heightEmu > 0 ? heightEmu : widthEmu));
            return new(side, side);
        }

        if (fits && widthEmu > 0 && heightEmu > 0)
        {
            var scale = Math.Min(widthEmu / (double)natural.Width.Value, heightEmu / (double)natural.Height.Value);
            return new(Scaled(natural.Width, scale), Scaled(natural.Height, scale));
        }

        return new(widthEmu > 0 ? new(widthEmu) : natural.Width, heightEmu > 0 ? new(heightEmu) : natural.Height);
    }

    private static Emu Scaled(Emu length, double scale) => new(Math.Max(1, (long)(length.Value * scale)));

    /// <summary>The size that the standards call nominal, or one that office printers and scanners manage.</summary>
    private static SymbolSize Natural(Symbol symbol)
    {
        var (moduleMillimeters, heightMillimeters) = symbol.Kind switch
        {
            SymbolKind.Qr => (25.0 / symbol.Columns, 25.0),
            SymbolKind.Ean13 or SymbolKind.UpcA => (0.33, 25.93),
            SymbolKind.Ean8 => (0.33, 21.31),
            SymbolKind.Itf14 => (0.5, 20.0),
            _ => (0.33, 15.0),
        };
        return new(Emu.FromMillimeters(moduleMillimeters * symbol.Columns), Emu.FromMillimeters(heightMillimeters));
    }
}
