namespace ClinicFlow.Documents.Model.Metafiles;

/// <summary>What printers are told ([MS-WMF] 2.1.1.17). Comments and settings draw nothing; PostScript would.</summary>
internal static class PrinterEscapes
{
    private const uint PassThrough = 19;
    private const uint PostScriptData = 37;
    private const uint PostScriptPassThrough = 4115;
    private const uint EncapsulatedPostScript = 4116;

    /// <exception cref="UndrawableException">It draws.</exception>
    public static void Check(uint function)
    {
        if (function is PassThrough or PostScriptData or PostScriptPassThrough or EncapsulatedPostScript)
        {
            throw new UndrawableException("PostScript");
        }
    }
}
