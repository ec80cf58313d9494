using System.Runtime.InteropServices;
using ClinicFlow.Documents.Content;
using StbImageSharp;

namespace ClinicFlow.Documents.Model.Metafiles;

/// <summary>A rectangle whose width and height may be below 0: then it is mirrored.</summary>
internal readonly record struct BitmapArea(double X, double Y, double Width, double Height);

/// <summary>Draws bitmaps, and areas by raster operations, as far as what comes out does not depend on what lies below.</summary>
internal sealed class Bitmaps(MetafileCanvas canvas)
{
    private const long MostPixels = 40_000_000;

    // The most common operations ([MS-WMF] 2.1.1.31).
    private const uint Copy = 0xCC0020;
    private const uint CopyInverse = 0x330008;
    private const uint And = 0x8800C6;
    private const uint Paint = 0xEE0086;
    private const uint Invert = 0x660046;
    private const uint BrushWhereBlack = 0xB8074A;
    private const uint BrushWhereWhite = 0xE20746;

    private long _pixels;
    private (Transform Place, Pixels Pixels, int Item)? _mask;

    /// <summary>An operation without a bitmap: fills a rectangle.</summary>
    /// <param name="operation">Which.</param>
    /// <param name="target">In logical units.</param>
    public void Fill(uint operation, in BitmapArea target)
    {
        var path = canvas.RectanglePath(target.X, target.Y, target.X + target.Width, target.Y + target.Height);
        switch (operation & 0xFFFFFF)
        {
            case 0xF00021:
                canvas.FillWithBrush(path, canvas.Now.Brush);
                break;
            case 0x000042:
                canvas.Fill(path, Rgb.Black);
                break;
            case 0xFF0062:
                canvas.Fill(path, Rgb.White);
                break;
            case 0xAA0029:
                break;
            case 0x5A0049 when canvas.Now.Brush is { Color: { } color, Undrawable: null } && color == Rgb.Black:
                break;
            default:
                throw Mixes(operation);
        }
    }

    /// <summary>Draws a bitmap.</summary>
    /// <param name="operation">How it mixes with what is there.</param>
    /// <param name="bitmap">The bitmap.</param>
    /// <param name="source">What of it, counted from its top.</param>
    /// <param name="target">Where, in logical units.</param>
    /// <param name="stored">How many of its rows are there.</param>
    public void Draw(uint operation, DeviceIndependentBitmap bitmap, in BitmapArea source, in BitmapArea target, int stored = int.MaxValue)
    {
        operation &= 0xFFFFFF;
        if (operation is 0xAA0029 or 0xF00021 or 0x000042 or 0xFF0062)
        {
            Fill(operation, target);
            return;
        }

        if (bitmap.IsFile)
        {
            DrawFile(operation, bitmap, source, target);
            return;
        }

        if (Read(bitmap, source, hasAlpha: false, stored) is not { } pixels)
        {
            return;
        }

        var place = PlaceOf(source, target);
        switch (operation)
        {
            case Copy:
                Add(pixels, place);
                break;
            case CopyInverse:
                Add(pixels.Select(pixel => pixel ^ 0xFFFFFF), place);
                break;
            case And when Array.TrueForAll(pixels.Argb, pixel => pixel is 0xFF000000 or 0xFFFFFFFF):
                // White leaves what is there.
                Add(pixels.Select(pixel => pixel == 0xFFFFFFFF ? 0x00FFFFFF : pixel), place);
                _mask = (place, pixels, canvas.Count);
                return;
            case Paint or Invert when FitsMask(pixels, place):
                // Both are one bitmap with holes, in the stead of the mask: an icon.
                if (Array.Exists(_mask!.Value.Pixels.Argb, pixel => pixel == 0xFF000000))
                {
                    canvas.TakeLast();
                    Add(new(pixels.Width, pixels.Height, [.. pixels.Argb.Zip(_mask.Value.Pixels.Argb, (color, mask) => mask == 0xFF000000 ? color : 0)]), place);
                }

                break;
            case BrushWhereBlack or BrushWhereWhite when canvas.Now.Brush is { Color: { } color, Undrawable: null }:
                var brush = Pixels.Opaque | ((uint)color.Red << 16) | ((uint)color.Green << 8) | color.Blue;
                var drawn = operation == BrushWhereBlack ? 0xFF000000 : 0xFFFFFFFF;
                Add(pixels.Select(pixel => pixel == drawn ? brush : pixel is 0xFF000000 or 0xFFFFFFFF ? brush & 0xFFFFFF : throw Mixes(operation)), place);
                break;
            default:
                throw Mixes(operation);
        }

        _mask = null;
    }

    /// <summary>Draws a bitmap that lets what is below shine through.</summary>
    /// <param name="bitmap">The bitmap.</param>
    /// <param name="source">What of it, counted from its top.</param>
    /// <param name="target">Where, in logical units.</param>
    /// <param name="opacity">Of all of it, 0 to 255.</param>
    /// <param name="hasAlpha">Whether each pixel says its own.</param>
    public void Blend(DeviceIndependentBitmap bitmap, in BitmapArea source, in BitmapArea target, byte opacity, bool hasAlpha)
    {
        if (bitmap.IsFile)
        {
            throw new UndrawableException("a transparent bitmap that is a file");
        }

        if (Read(bitmap, source, hasAlpha && bitmap.Depth == 32, int.MaxValue) is { } pixels && opacity > 0)
        {
            canvas.Bitmap(pixels.ToPng(), PlaceOf(source, target), opacity / 255.0);
        }
    }

    /// <summary>Draws a bitmap of which one colour is not drawn.</summary>
    public void DrawWithout(Rgb color, DeviceIndependentBitmap bitmap, in BitmapArea source, in BitmapArea target)
    {
        if (!bitmap.IsFile && Read(bitmap, source, hasAlpha: false, int.MaxValue) is { } pixels)
        {
            var key = Pixels.Opaque | ((uint)color.Red << 16) | ((uint)color.Green << 8) | color.Blue;
            Add(pixels.Select(pixel => pixel == key ? 0 : pixel), PlaceOf(source, target));
        }
        else if (bitmap.IsFile)
        {
            throw new UndrawableException("a transparent bitmap that is a file");
        }
    }

    /// <summary>A part of a bitmap that is counted from its lower left corner, as Windows does where a record holds rows, whichever way they run.</summary>
    public static BitmapArea FromTop(DeviceIndependentBitmap bitmap, double x, double y, double width, double height)
        => new(x, bitmap.IsFile ? y : bitmap.Height - y - height, width, height);

    private void Add(Pixels pixels, in Transform place)
    {
        if (Array.Exists(pixels.Argb, pixel => pixel >> 24 != 0))
        {
            canvas.Bitmap(pixels.ToPng(), place, 1);
        }
    }

    // The colours that belong to a mask: where that left something of what is below, they must be black.
    private bool FitsMask(Pixels pixels, in Transform place)
    {
        if (_mask is not { } mask || mask.Place != place || mask.Pixels.Argb.Length != pixels.Argb.Length || mask.Pixels.Width != pixels.Width || mask.Item != canvas.Count)
        {
            return false;
        }

        for (var i = 0; i < pixels.Argb.Length; i++)
        {
            if (mask.Pixels.Argb[i] == 0xFFFFFFFF && pixels.Argb[i] != 0xFF000000)
            {
                return false;
            }
        }

        return true;
    }

    // JPEG and PNG go into the PDF as they are.
    private void DrawFile(uint operation, DeviceIndependentBitmap bitmap, in BitmapArea source, in BitmapArea target)
    {
        if (operation != Copy)
        {
            throw Mixes(operation);
        }

        var bytes = bitmap.File.ToArray();
        if (!PictureFile.TryRead(bytes, out var picture, out _) || (_pixels += (long)picture.WidthPx * picture.HeightPx) > MostPixels || !CanBeDecoded(bytes))
        {
            throw new UndrawableException("a damaged bitmap");
        }

        var file = ImmutableCollectionsMarshal.AsImmutableArray(bytes);

        if (source.Width == 0 || source.Height == 0)
        {
            return;
        }

        var (x, y) = (target.Width / source.Width, target.Height / source.Height);
        var whole = new BitmapArea(target.X - (source.X * x), target.Y - (source.Y * y), picture.WidthPx * x, picture.HeightPx * y);
        var isWhole = source.X <= 0 && source.Y <= 0 && source.Width >= picture.WidthPx && source.Height >= picture.HeightPx;
        var clip = isWhole ? null : canvas.Clips.Within(target.X, target.Y, target.X + target.Width, target.Y + target.Height, null);
        canvas.Bitmap(file, Transform.Scale(whole.Width, whole.Height, whole.X, whole.Y).Then(canvas.Now.ToPicture), 1, clip);
    }

    private static bool CanBeDecoded(byte[] file)
    {
        try
        {
            return ImageResult.FromMemory(file, ColorComponents.RedGreenBlueAlpha) is not null;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return false; // The decoder throws what it pleases at damaged files.
        }
    }

    private Pixels? Read(DeviceIndependentBitmap bitmap, in BitmapArea source, bool hasAlpha, int stored)
    {
        var (left, right) = (Math.Min(source.X, source.X + source.Width), Math.Max(source.X, source.X + source.Width));
        var (top, bottom) = (Math.Min(source.Y, source.Y + source.Height), Math.Max(source.Y, source.Y + source.Height));
        var (width, height) = (right - left, bottom - top);
        if (width == 0 || height == 0)
        {
            return null;
        }

        if (width > bitmap.Width * 2L || height > bitmap.Height * 2L || Math.Abs(left) > 100_000 || Math.Abs(top) > 100_000)
        {
            throw new UndrawableException("a part of a bitmap that is larger than it");
        }

        _pixels += (long)(width * height) + (bitmap.Compression is 1 or 2 ? (long)bitmap.Width * bitmap.Height : 0);
        return _pixels <= MostPixels ? bitmap.Read((int)left, (int)top, (int)width, (int)height, hasAlpha, stored) : throw new UndrawableException($"bitmaps of more than {MostPixels / 1_000_000} million pixels");
    }

    // A part that is taken mirrored, or drawn so.
    private Transform PlaceOf(in BitmapArea source, in BitmapArea target)
    {
        var unit = Transform.Scale(
            source.Width < 0 ? -1 : 1, source.Height < 0 ? -1 : 1, source.Width < 0 ? 1 : 0, source.Height < 0 ? 1 : 0);
        return unit.Then(Transform.Scale(target.Width, target.Height, target.X, target.Y)).Then(canvas.Now.ToPicture);
    }

    private static UndrawableException Mixes(uint operation) => new($"a bitmap or area mixed with what is below it (raster operation {operation & 0xFFFFFF:X6})");
}
