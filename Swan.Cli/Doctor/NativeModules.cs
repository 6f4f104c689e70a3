using System.Diagnostics;

namespace Swan.Cli.Doctor;

/// <summary>Native libraries that this process has loaded, and from where.</summary>
internal static class NativeModules
{
    /// <param name="name">The library's name without prefix and extension, such as <c>onnxruntime</c>.</param>
    /// <returns>The file's path; null where no library of that name is loaded.</returns>
    public static string? PathOf(string name)
    {
        using Process process = Process.GetCurrentProcess();
        return process.Modules.Cast<ProcessModule>()
            .Select(module => module.FileName)
            .FirstOrDefault(file => Path.GetFileName(file).Split('.')[0] is var stem && (stem == name || stem == "lib" + name));
    }
}
