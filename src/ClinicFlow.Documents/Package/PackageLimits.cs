namespace ClinicFlow.Documents.Package;

/// <summary>Bounds on a package, so that a hostile file costs bounded time and memory.</summary>
public sealed record PackageLimits
{
    /// <summary>The defaults.</summary>
    public static PackageLimits Default { get; } = new();

    /// <summary>The file's own size, in bytes. Default 64 MiB.</summary>
    public long MaxFileBytes { get; init; } = 64L << 20;

    /// <summary>How many entries the ZIP may have. Default 4,096.</summary>
    public int MaxEntries { get; init; } = 4096;

    /// <summary>All entries together, inflated, in bytes. Default 512 MiB.</summary>
    public long MaxInflatedBytes { get; init; } = 512L << 20;

    /// <summary>One XML part, inflated, in bytes. Default 64 MiB.</summary>
    public long MaxXmlPartBytes { get; init; } = 64L << 20;

    /// <summary>Inflated size over compressed size of one entry, once it is over 1 MiB. Default 200.</summary>
    public int MaxRatio { get; init; } = 200;

    /// <summary>How deep XML elements may nest. Default 256.</summary>
    public int MaxXmlDepth { get; init; } = 256;
}
