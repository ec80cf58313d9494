namespace ClinicFlow.Documents.Model.Metafiles;

/// <summary>Maps (x, y) to (A·x + C·y + E, B·x + D·y + F).</summary>
internal readonly record struct Transform(double A, double B, double C, double D, double E, double F)
{
    public static Transform Identity => new(1, 0, 0, 1, 0, 0);

    /// <summary>How much it enlarges areas; negative where it mirrors.</summary>
    public double Determinant => (A * D) - (B * C);

    /// <summary>Whether all of it are numbers that can be worked with.</summary>
    public bool IsSound => Fits(A) && Fits(B) && Fits(C) && Fits(D) && Fits(E) && Fits(F);

    /// <summary>This one, and after it another.</summary>
    public Transform Then(in Transform next) => new(
        (next.A * A) + (next.C * B), (next.B * A) + (next.D * B),
        (next.A * C) + (next.C * D), (next.B * C) + (next.D * D),
        (next.A * E) + (next.C * F) + next.E, (next.B * E) + (next.D * F) + next.F);

    public ShapePoint Apply(double x, double y) => new((A * x) + (C * y) + E, (B * x) + (D * y) + F);

    /// <summary>Enlarges, then moves.</summary>
    public static Transform Scale(double x, double y, double left = 0, double top = 0) => new(x, 0, 0, y, left, top);

    private static bool Fits(double value) => Math.Abs(value) < 1e12; // and is a number
}
