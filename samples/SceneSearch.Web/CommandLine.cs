namespace SceneSearch.Web;

/// <summary>Reads the command line.</summary>
internal static class CommandLine
{
    public const string Usage =
        """
        Searches an index of scenes, or of images, in a browser.

          SceneSearch.Web INDEX [--images DIR] [--model FILE] [--cache DIR] [--urls URL]
          SceneSearch.Web --demo [DIR] [--cache DIR] [--urls URL]

          INDEX         folder from 'swan scene index' or 'swan index build'
          --images DIR  current folder of the images, for an index of images
          --model FILE  the index's .swan file; without it, the model inside Swan.MLNet
          --cache DIR   folder for reduced pictures of scenes
          --urls URL    address to listen at, such as http://localhost:5080 (the default)
          --demo [DIR]  draws land, indexes it in DIR (or in a folder that is removed afterward), and searches it
        """;

    /// <summary>Reads it.</summary>
    /// <returns>What it asks for; or a sentence that says what is wrong with it.</returns>
    public static (ServerOptions? Options, string? Fault) Parse(IReadOnlyList<string> arguments)
    {
        var options = new ServerOptions();
        for (int i = 0; i < arguments.Count; i++)
        {
            string argument = arguments[i];
            if (!argument.StartsWith("--", StringComparison.Ordinal))
            {
                if (options.Index is not null) return (null, $"Two indexes are given, '{options.Index}' and '{argument}'; expected one.");
                options = options with { Index = argument };
                continue;
            }
            int equal = argument.IndexOf('=', StringComparison.Ordinal);
            (string name, string? value) = equal < 0 ? (argument, null) : (argument[..equal], argument[(equal + 1)..]);
            if (name == "--demo")
            {
                options = options with { Demo = true, Index = value ?? options.Index };
                continue;
            }
            if (name is not ("--images" or "--model" or "--cache" or "--urls"))
                return (null, $"'{name}' is not an option; expected --images, --model, --cache, --urls or --demo.");
            value ??= i + 1 < arguments.Count ? arguments[++i] : null;
            if (string.IsNullOrEmpty(value)) return (null, $"{name} needs a value.");
            options = name switch
            {
                "--images" => options with { Images = value },
                "--model" => options with { Model = value },
                "--cache" => options with { Cache = value },
                _ => options with { Urls = value },
            };
        }
        return options.Index is null && !options.Demo
            ? (null, "No index is given. Give the folder from 'swan scene index', or --demo for drawn land.")
            : FaultOf(options.Urls) is { } fault ? (null, fault) : (options, null);
    }

    private static string? FaultOf(string? urls) => (urls ?? ServerOptions.DefaultUrl).Split(';').All(url =>
        Uri.TryCreate(url.Replace("*", "any", StringComparison.Ordinal).Replace("+", "any", StringComparison.Ordinal), UriKind.Absolute,
            out Uri? uri) && uri.Scheme is "http" or "https")
        ? null : $"--urls is '{urls}'; expected addresses such as {ServerOptions.DefaultUrl}.";
}
