using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ClinicFlow.Documents.Engines;

/// <summary>
/// The user profile of a LibreOffice process, made for converting files of unknown origin: no macros, no links
/// followed, nothing fetched, no dialogs. The names are those of LibreOffice's own configuration schema.
/// </summary>
internal static class LibreOfficeProfile
{
    private static readonly (string Path, string Name, string Value)[] Settings =
    [
        ("Common/Security/Scripting", "MacroSecurityLevel", "3"),
        ("Common/Security/Scripting", "DisableMacrosExecution", "true"),
        ("Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
        ("Common/Security/Scripting", "CheckDocumentEvents", "true"),
        ("Common/Misc", "FirstRun", "false"),
        ("Common/Misc", "ShowTipOfTheDay", "false"),
        ("Common/Misc", "CrashReport", "false"),
        ("Common/Misc", "UseSystemFileDialog", "false"),
        ("Writer/Content/Update", "Link", "2"),
        ("Calc/Content/Update", "Link", "1"),
        ("Recovery/RecoveryInfo", "Enabled", "false"),
        ("Recovery/AutoSave", "Enabled", "false"),
    ];

    private static readonly string[] SocketPlaces = ["/tmp", "/var/tmp"];

    /// <summary>Writes the profile into a folder.</summary>
    public static void Write(string folder)
    {
        var user = Directory.CreateDirectory(Path.Combine(folder, "user")).FullName;
        using var file = File.CreateText(Path.Combine(user, "registrymodifications.xcu"));
        file.WriteLine("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
        file.WriteLine("<oor:items xmlns:oor=\"http://openoffice.org/2001/registry\" xmlns:xs=\"http://www.w3.org/2001/XMLSchema\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">");
        foreach (var (path, name, value) in Settings)
        {
            file.WriteLine($"<item oor:path=\"/org.openoffice.Office.{path}\"><prop oor:name=\"{name}\" oor:op=\"fuse\"><value>{value}</value></prop></item>");
        }

        file.WriteLine("</oor:items>");
    }

    /// <summary>How LibreOffice is told to use a profile.</summary>
    public static string Url(string folder) => new Uri(folder).AbsoluteUri;

    /// <summary>
    /// Removes the socket of a process that was killed. LibreOffice makes it in <c>/tmp</c> (else <c>/var/tmp</c>),
    /// wherever it is told to put its other files, and names it after the MD5 of its profile's address: found by
    /// looking at 7.4.7. The folder of a profile is made for one converter only, so no other's socket is touched.
    /// </summary>
    public static void RemoveSocket(string folder)
    {
        foreach (var socket in Sockets(folder))
        {
            File.Delete(socket);
        }
    }

    /// <summary>The sockets that a process with this profile has made.</summary>
    public static string[] Sockets(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return [];
        }

#pragma warning disable CA5351 // It is LibreOffice that names its file so; nothing is protected by it.
        var hash = MD5.HashData(Encoding.Unicode.GetBytes(Url(folder)));
#pragma warning restore CA5351

        // Each byte without a leading zero, as LibreOffice writes it.
        var name = "OSL_PIPE_*_SingleOfficeIPC_" + string.Concat(hash.Select(b => b.ToString("x", CultureInfo.InvariantCulture)));
        return [.. SocketPlaces.Where(Directory.Exists).SelectMany(place => Directory.EnumerateFileSystemEntries(place, name))];
    }
}
