namespace ClinicFlow.Documents.Model.Metafiles;

/// <summary>Bitmaps of an enhanced metafile ([MS-EMF] 2.3.1).</summary>
internal sealed class EmfBitmaps(MetafileCanvas canvas, Bitmaps bitmaps)
{
    /// <summary>BitBlt, StretchBlt, AlphaBlend and TransparentBlt, which begin alike.</summary>
    public void Draw(EmfRecord kind, ReadOnlySpan<byte> whole)
    {
        var record = new RecordReader(whole);
        record.Skip(24);
        var target = AreaOf(record.Int32(), record.Int32(), record.Int32(), record.Int32());
        var (operation, x, y) = (record.UInt32(), record.Int32(), record.Int32());
        var world = new Transform(record.Single(), record.Single(), record.Single(), record.Single(), record.Single(), record.Single());
        record.Skip(4);
        var usage = record.UInt32();
        var (header, headerLength, bits, bitsLength) = (record.UInt32(), record.UInt32(), record.UInt32(), record.UInt32());
        if (headerLength == 0)
        {
            if (kind is EmfRecord.AlphaBlend or EmfRecord.TransparentBlt)
            {
                throw new UndrawableException("a bitmap that is not there");
            }

            bitmaps.Fill(operation, target);
            return;
        }

        var (width, height) = kind == EmfRecord.BitBlt ? (target.Width, target.Height) : (record.Int32(), record.Int32());
        var bitmap = new DeviceIndependentBitmap(record.Part(header, headerLength), record.Part(bits, bitsLength), usage);
        if (world is not { B: 0, C: 0 })
        {
            throw new UndrawableException("a bitmap that was turned");
        }

        // The part is said in units of the bitmap's own device.
        var source = new BitmapArea(Math.Round((world.A * x) + world.E), Math.Round((world.D * y) + world.F), Math.Round(world.A * width), Math.Round(world.D * height));
        switch (kind)
        {
            case EmfRecord.AlphaBlend when (operation & 0xFF) == 0:
                bitmaps.Blend(bitmap, source, target, (byte)(operation >> 16), (operation >> 24) == 1);
                break;
            case EmfRecord.TransparentBlt:
                bitmaps.DrawWithout(new((byte)operation, (byte)(operation >> 8), (byte)(operation >> 16)), bitmap, source, target);
                break;
            case EmfRecord.BitBlt or EmfRecord.StretchBlt:
                bitmaps.Draw(operation, bitmap, source, target);
                break;
            default:
                throw new UndrawableException("an unknown way to blend");
        }
    }

    public void DrawStretched(ReadOnlySpan<byte> whole)
    {
        var record = new RecordReader(whole);
        record.Skip(24);
        var (x, y) = (record.Int32(), record.Int32());
        var (sourceX, sourceY, sourceWidth, sourceHeight) = (record.Int32(), record.Int32(), record.Int32(), record.Int32());
        var (header, headerLength, bits, bitsLength) = (record.UInt32(), record.UInt32(), record.UInt32(), record.UInt32());
        var (usage, operation) = (record.UInt32(), record.UInt32());
        var target = AreaOf(x, y, record.Int32(), record.Int32());
        if (headerLength == 0)
        {
            bitmaps.Fill(operation, target);
            return;
        }

        var bitmap = new DeviceIndependentBitmap(record.Part(header, headerLength), record.Part(bits, bitsLength), usage);
        bitmaps.Draw(operation, bitmap, Bitmaps.FromTop(bitmap, sourceX, sourceY, sourceWidth, sourceHeight), target);
    }

    public void DrawRows(ReadOnlySpan<byte> whole)
    {
        var record = new RecordReader(whole);
        record.Skip(24);
        var (x, y) = (record.Int32(), record.Int32());
        var (sourceX, sourceY, width, height) = (record.Int32(), record.Int32(), record.Int32(), record.Int32());
        var (header, headerLength, bits, bitsLength) = (record.UInt32(), record.UInt32(), record.UInt32(), record.UInt32());
        var (usage, first, stored) = (record.UInt32(), record.UInt32(), record.UInt32());
        if (first != 0)
        {
            throw new UndrawableException("a part of a bitmap's rows");
        }

        var bitmap = new DeviceIndependentBitmap(record.Part(header, headerLength), record.Part(bits, bitsLength), usage);
        bitmaps.Draw(0xCC0020, bitmap, Bitmaps.FromTop(bitmap, sourceX, sourceY, width, height), OfPixels(canvas.Now, x, y, width, height), (int)Math.Min(stored, int.MaxValue));
    }

    /// <summary>A place in logical units whose size is so many pixels of the device.</summary>
    private static BitmapArea OfPixels(DeviceContext now, double x, double y, double width, double height)
    {
        var toDevice = now.World.Then(now.Page);
        if (toDevice is not { B: 0, C: 0 } || toDevice.Determinant == 0)
        {
            throw new UndrawableException("a bitmap that is turned on the device");
        }

        return new(x, y, width / toDevice.A, height / toDevice.D);
    }

    private static BitmapArea AreaOf(double x, double y, double width, double height) => new(x, y, width, height);
}
