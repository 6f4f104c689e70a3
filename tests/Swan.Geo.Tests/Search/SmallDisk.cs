using System.ComponentModel;
using System.Diagnostics;

namespace Swan.Geo.Tests.Search;

/// <summary>A file system of its own in memory, which can be full or closed to writers; a test that asks is skipped where none can be
/// mounted.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public SmallDisk(int kilobytes)
    {
        Directory.CreateDirectory(Root);
        if (Run("mount", "-t", "tmpfs", "-o", $"size={kilobytes}k", "tmpfs", Root)) return;
        _folder.Dispose();
        Assert.Skip("No file system can be mounted here.");
    }

    public string Root => _folder.File("disk");

    private string Ballast => File("ballast");

    public string File(string name) => Path.Combine(Root, name);

    /// <summary>Leaves so many bytes, in pages of 4 KiB.</summary>
    public void LeaveFree(long bytes)
    {
        System.IO.File.Delete(Ballast);
        using FileStream file = System.IO.File.Create(Ballast);
        long rest = new DriveInfo(Root).AvailableFreeSpace - bytes;
        var page = new byte[4096];
        for (; rest >= page.Length; rest -= page.Length) file.Write(page);
    }

    public void MakeRoom() => System.IO.File.Delete(Ballast);

    public void Close() => Assert.True(Run("mount", "-o", "remount,ro", Root));

    /// <summary>All files but the ballast, with their bytes.</summary>
    public SortedDictionary<string, byte[]> Files() => new(Directory.GetFiles(Root, "*", SearchOption.AllDirectories)
        .Where(path => path != Ballast).ToDictionary(path => Path.GetRelativePath(Root, path), System.IO.File.ReadAllBytes),
        StringComparer.Ordinal);

    public void Dispose()
    {
        Run("umount", Root);
        _folder.Dispose();
    }

    private static bool Run(string program, params string[] arguments)
    {
        if (!OperatingSystem.IsLinux()) return false;
        try
        {
            var start = new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true };
            using Process process = Process.Start(start)!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
