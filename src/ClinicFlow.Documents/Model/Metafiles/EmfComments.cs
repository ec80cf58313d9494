namespace ClinicFlow.Documents.Model.Metafiles;

/// <summary>Comments of an enhanced metafile: nothing is drawn of them, unless what they hold is nowhere else.</summary>
internal static class EmfComments
{
    private const uint Plus = 0x2B464D45;
    private const int PlusHeader = 0x4001;

    /// <summary>
    /// Looks into a comment. EMF+ ([MS-EMFPLUS] 2.3.3.3) says in its first record whether the records of EMF draw all of it too, as Office writes it;
    /// if so, those are played.
    /// </summary>
    /// <exception cref="UndrawableException">They do not.</exception>
    public static void Check(ReadOnlySpan<byte> content)
    {
        var record = new RecordReader(content);
        if (record.Left < 16 || record.UInt32() < 12 || record.UInt32() != Plus)
        {
            return;
        }

        if (record.UInt16() == PlusHeader && (record.UInt16() & 1) == 0)
        {
            throw new UndrawableException("records of EMF+ alone");
        }
    }
}
