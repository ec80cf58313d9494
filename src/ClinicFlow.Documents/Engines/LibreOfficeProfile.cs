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
}
