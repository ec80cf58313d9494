namespace ClinicFlow.Documents.Layout.Pages;

/// <summary>
/// A picture. It fills the parallelogram into which <see cref="Place"/> maps the unit square (its left top at (0, 0), right bottom at (1, 1)).
/// </summary>
/// <param name="Source">The file's bytes.</param>
/// <param name="Place">From the unit square to the fragment.</param>
internal sealed record Picture(PictureSource Source, Matrix Place)
{
    /// <summary>Part of the picture's width that is cut off, 0 to 1. What is left fills <see cref="Place"/>. Below 0: empty margin.</summary>
    public float CropLeft { get; init; }

    public float CropTop { get; init; }

    public float CropRight { get; init; }

    public float CropBottom { get; init; }

    /// <summary>1 is opaque.</summary>
    public float Opacity { get; init; } = 1;
}

/// <summary>
/// The bytes of a picture file. One object a file: a writer recognises a picture that comes again by reference.
/// </summary>
/// <param name="Bytes">The file, unchanged: PNG, JPEG, GIF, BMP, TIFF.</param>
/// <param name="Name">Name of the part or file, for messages.</param>
internal sealed record PictureSource(ReadOnlyMemory<byte> Bytes, string Name)
{
    /// <summary>How its colours are changed; null where they are not.</summary>
    public PictureTone? Tone { get; init; }
}

/// <summary>A change of a picture's colours, in this order. Transparency stays.</summary>
/// <param name="Silhouette">One colour for all of it; null for its own.</param>
/// <param name="IsGray">Whether it becomes grey.</param>
/// <param name="Threshold">From which lightness on (0 to 1) it becomes white, and black below; null for no such change.</param>
/// <param name="Slope">Each of red, green and blue (0 to 1) is multiplied by this,</param>
/// <param name="Lift">and then this is added.</param>
internal sealed record PictureTone(Paint? Silhouette, bool IsGray, double? Threshold, double Slope, double Lift)
{
    /// <summary>Whether only brightness and contrast change.</summary>
    public bool IsLinear => Silhouette is null && !IsGray && Threshold is null;
}
