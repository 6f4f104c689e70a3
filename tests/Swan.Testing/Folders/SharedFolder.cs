namespace Swan.Testing;

/// <summary>
/// Folders from outside the repository; a test that needs one reports a skip with its reason where it is missing.
/// </summary>
internal static class SharedFolder
{
    public static string Golden(string file) => Find("SWAN_GOLDEN", "the golden images", file);

    public static string Data(string file) => Find("SWAN_DATA", "real images and captions", file);

    public static string Weights(string file) => Find("SWAN_WEIGHTS", "pretrained weights", file);

    /// <summary>A file of the packages of <c>build/npm-packages</c>; <c>.ci/run</c> installs them.</summary>
    public static string Npm(string file) => Find("SWAN_NPM", "the npm packages of build/npm-packages", file);

    private static string Find(string variable, string what, string file)
    {
        string? folder = Environment.GetEnvironmentVariable(variable);
        Assert.SkipWhen(string.IsNullOrEmpty(folder), $"{variable} is not set: it names the folder with {what}.");
        string path = Path.Combine(folder!, file);
        Assert.SkipUnless(Path.Exists(path), $"{variable} names '{folder}', which has no '{file}'.");
        return path;
    }
}
