namespace ClinicFlow.Documents.Model.Metafiles;

/// <summary>What the next record draws with, and where: the state that records set, save and restore.</summary>
internal sealed record DeviceContext
{
    /// <summary>From pixels of the device to the picture.</summary>
    public required Transform DeviceToPicture { get; init; }

    /// <summary>Pixels of the device in a millimetre.</summary>
    public double PixelsPerMillimeterX { get; init; } = 1;

    public double PixelsPerMillimeterY { get; init; } = 1;

    public GdiPen Pen { get; init; } = GdiPen.Black;

    public GdiBrush Brush { get; init; } = new(Rgb.White);

    public GdiFont Font { get; init; } = GdiFont.System;

    public Rgb TextColor { get; init; } = Rgb.Black;

    public Rgb BackColor { get; init; } = Rgb.White;

    /// <summary>Whether text fills the box behind its letters.</summary>
    public bool IsOpaque { get; init; } = true;

    /// <summary>Bits of [MS-WMF] 2.1.2.3.</summary>
    public uint TextAlign { get; init; }

    /// <summary>Added behind each character, in logical units, where a record gives no widths.</summary>
    public double TextSpacing { get; init; }

    public double SpaceStretch { get; init; }

    /// <summary>Whether areas are filled where their outline winds around, else by even and odd.</summary>
    public bool IsWinding { get; init; }

    /// <summary>How what is drawn mixes with what is there ([MS-WMF] 2.1.1.2).</summary>
    public uint Mix { get; init; } = 13;

    public bool IsArcClockwise { get; init; }

    public double MiterLimit { get; init; } = 10;

    /// <summary>Where the next line begins, in logical units.</summary>
    public ShapePoint Position { get; init; }

    public uint MapMode { get; init; } = 1;

    public ShapePoint WindowOrigin { get; init; }

    public ShapePoint WindowExtent { get; init; } = new(1, 1);

    public ShapePoint ViewportOrigin { get; init; }

    public ShapePoint ViewportExtent { get; init; } = new(1, 1);

    public Transform World { get; init; } = Transform.Identity;

    public MetafileClip? Clip { get; init; }

    /// <summary>To what clipping goes back.</summary>
    public MetafileClip? MetaClip { get; init; }

    /// <summary>From the page's units to pixels of the device ([MS-EMF] 2.1.21).</summary>
    public Transform Page
    {
        get
        {
            var (x, y) = MapMode switch
            {
                1 => (1.0, 1.0),
                2 => (0.1 * PixelsPerMillimeterX, -0.1 * PixelsPerMillimeterY),
                3 => (0.01 * PixelsPerMillimeterX, -0.01 * PixelsPerMillimeterY),
                4 => (0.254 * PixelsPerMillimeterX, -0.254 * PixelsPerMillimeterY),
                5 => (0.0254 * PixelsPerMillimeterX, -0.0254 * PixelsPerMillimeterY),
                6 => (25.4 / 1440 * PixelsPerMillimeterX, -25.4 / 1440 * PixelsPerMillimeterY),
                _ => (ViewportExtent.X / WindowExtent.X, ViewportExtent.Y / WindowExtent.Y),
            };
            if (MapMode == 7)
            {
                // The longer of the two is shortened, so that a circle stays one.
                var less = Math.Min(Math.Abs(x), Math.Abs(y));
                (x, y) = (Math.CopySign(less, x), Math.CopySign(less, y));
            }

            return new(x, 0, 0, y, ViewportOrigin.X - (WindowOrigin.X * x), ViewportOrigin.Y - (WindowOrigin.Y * y));
        }
    }

    /// <summary>From logical units to the picture.</summary>
    public Transform ToPicture => World.Then(Page).Then(DeviceToPicture);
}
