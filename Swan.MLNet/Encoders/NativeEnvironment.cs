using System.Runtime.InteropServices;

namespace Swan.MLNet.Encoders;

/// <summary>Environment variables for native libraries, which see nothing of what .NET sets in its own copy.</summary>
internal static partial class NativeEnvironment
{
    /// <summary>Sets a variable, unless the user has: before the process started, or by <see cref="Environment"/>.</summary>
    /// <remarks>Must be called before the library loads that reads it. Not safe while other threads read native variables.</remarks>
    public static void SetDefault(string name, string value)
    {
        string chosen = Environment.GetEnvironmentVariable(name) ?? value;
        if (OperatingSystem.IsWindows())
        {
            _ = WindowsSet(name, chosen);
            Environment.SetEnvironmentVariable(name, chosen);
        }
        else
        {
            _ = UnixSet(name, chosen, overwrite: 1);
        }
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int UnixSet(string name, string value, int overwrite);

    [LibraryImport("ucrtbase", EntryPoint = "_putenv_s", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int WindowsSet(string name, string value);
}
