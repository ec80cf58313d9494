namespace ClinicFlow.Documents.Model;

/// <summary>
/// A length on the page in points (1/72 inch). Word stores twips, half-points, eighths of a point and EMU, fonts have units
/// of their own, and PDF writes points. No whole unit is common to all of these; a double holds each with an error far below
/// what a printer resolves, gives the same value for the same input on every machine, and costs one instruction a sum.
/// </summary>
/// <param name="Value">Points; negative where something hangs out.</param>
internal readonly record struct Pt(double Value) : IComparable<Pt>
{
    /// <summary>No length.</summary>
    public static Pt Zero => default;

    /// <summary>From twentieths of a point, Word's usual unit.</summary>
    public static Pt FromTwips(double twips) => new(twips / 20.0);

    /// <summary>From English metric units, the unit of DrawingML: 12,700 a point.</summary>
    public static Pt FromEmu(long emu) => new(emu / 12_700.0);

    /// <summary>From half-points, the unit of font sizes.</summary>
    public static Pt FromHalfPoints(int halfPoints) => new(halfPoints / 2.0);

    /// <summary>From eighths of a point, the unit of border widths.</summary>
    public static Pt FromEighths(int eighths) => new(eighths / 8.0);

    /// <summary>Whether this fits into <paramref name="room"/>. Rounding noise never forces a page break.</summary>
    public bool FitsInto(Pt room) => Value <= room.Value + 0.001;

    /// <inheritdoc/>
    public int CompareTo(Pt other) => Value.CompareTo(other.Value);

    public static Pt Max(Pt a, Pt b) => a.Value >= b.Value ? a : b;

    public static Pt Min(Pt a, Pt b) => a.Value <= b.Value ? a : b;

    public static Pt operator +(Pt a, Pt b) => new(a.Value + b.Value);

    public static Pt operator -(Pt a, Pt b) => new(a.Value - b.Value);

    public static Pt operator -(Pt a) => new(-a.Value);

    public static Pt operator *(Pt a, double factor) => new(a.Value * factor);

    public static Pt operator *(double factor, Pt a) => new(a.Value * factor);

    public static Pt operator /(Pt a, double divisor) => new(a.Value / divisor);

    public static double operator /(Pt a, Pt b) => a.Value / b.Value;

    public static bool operator <(Pt a, Pt b) => a.Value < b.Value;

    public static bool operator >(Pt a, Pt b) => a.Value > b.Value;

    public static bool operator <=(Pt a, Pt b) => a.Value <= b.Value;

    public static bool operator >=(Pt a, Pt b) => a.Value >= b.Value;

    /// <inheritdoc/>
    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Value:0.###}pt");
}
