namespace Swan.MLNet.ModelFiles;

// Model files, streams and the parts of saved pipelines.
public sealed partial class SwanModelFile
{
    /// <summary>Reads and checks a model file.</summary>
    /// <param name="path">The <c>.swan</c> file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="SwanFormatException">It is not a model that this version can use; the message gives the reason and the
    /// remedy.</exception>
    public static SwanModelFile Read(string path)
    {
        (SwanModelFile file, IDisposable kept) = OpenKept(path, static file => file.Validate());
        kept.Dispose();
        return file;
    }

    /// <summary>Reads and checks a model from a seekable stream, such as a resource or a download.</summary>
    /// <param name="stream">Seekable; read to memory, not closed, and not needed afterward.</param>
    /// <param name="name">Its name in messages.</param>
    /// <exception cref="SwanFormatException">It is not a model that this version can use; the message gives the reason and the
    /// remedy.</exception>
    public static SwanModelFile Read(Stream stream, string name)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentException.ThrowIfNullOrEmpty(name);
        string[] entries = ModelArchive.List(stream, name);
        SwanModelFile file = FromEntries(name, new EntriesInMemory(
            entries.ToDictionary(e => e, e => ModelArchive.Read(stream, e, name), StringComparer.Ordinal)));
        file.Validate();
        return file;
    }

    /// <summary>Reads a model file's card and directory; each entry is checked when it is used.</summary>
    /// <inheritdoc cref="Read(string)" path="/param"/>
    /// <inheritdoc cref="Read(string)" path="/exception"/>
    internal static SwanModelFile Open(string path)
    {
        (SwanModelFile file, IDisposable kept) = OpenKept(path);
        kept.Dispose();
        return file;
    }

    /// <summary>Does what <see cref="Open(string)"/> does, and keeps the file open from then on.</summary>
    /// <inheritdoc cref="Read(string)" path="/param"/>
    /// <inheritdoc cref="Read(string)" path="/exception"/>
    /// <returns>The model, and what to dispose when the file need not stay open (<see cref="Keep"/>).</returns>
    internal static (SwanModelFile File, IDisposable Kept) OpenKept(string path) =>
        OpenKept(path, static file => ModelCardRules.CheckFingerprint(file.Card, file.Name));

    private static (SwanModelFile File, IDisposable Kept) OpenKept(string path, Action<SwanModelFile> check)
    {
        ThrowIfMissing(path);
        var shared = new SharedFile(path);
        IDisposable kept = shared.Keep();
        try
        {
            string name = Path.GetFileName(path);
            SwanModelFile file = FromEntries(name, new EntriesInArchive(shared.Open, shared.Keep, name));
            check(file);
            return (file, kept);
        }
        catch
        {
            kept.Dispose();
            throw;
        }
    }

    private static void ThrowIfMissing(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        FilePath.ThrowIfNotText(path);
        if (!File.Exists(path))
        {
            throw new FileNotFoundException(
                $"There is no model file '{path}' (looked in '{Path.GetDirectoryName(Path.GetFullPath(path))}'). "
                + "Give the path of a .swan file, such as one that 'swan export' wrote.",
                path);
        }
    }

    private static SwanModelFile FromEntries(string name, ModelEntries entries)
    {
        ModelCard card = ModelCardJson.Read(entries.Read(ModelArchive.CardEntry), name);
        foreach (string listed in card.Entries.Keys)
        {
            if (!entries.Has(listed) || listed == ModelArchive.CardEntry)
            {
                throw new SwanFormatException(
                    $"The card of '{name}' lists the entry '{listed}', which a model file doesn't have. "
                    + "The file was changed after it was exported: export the model again.");
            }
        }
        return Checked(name, card, entries);
    }

    /// <summary>Takes the parts that are there; a saved pipeline holds only the encoder that it uses.</summary>
    internal static SwanModelFile FromParts(string name, ModelCard card, byte[]? image, byte[]? text, byte[]? vocabulary)
    {
        var entries = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        Add(ModelArchive.ImageEntry, image);
        Add(ModelArchive.TextEntry, text);
        Add(ModelArchive.VocabularyEntry, vocabulary);
        SwanModelFile file = Checked(name, card, new EntriesInMemory(entries));
        file.Validate();
        return file;

        void Add(string entry, byte[]? bytes)
        {
            if (bytes is not null) entries[entry] = bytes;
        }
    }

    // Checks with only the card and the directory.
    private static SwanModelFile Checked(string name, ModelCard card, ModelEntries entries)
    {
        foreach (string entry in ModelArchive.AllButCard.Where(entries.Has))
        {
            if (ModelArchive.IsExtra(entry) && card.FormatVersion == 1)
            {
                throw new SwanFormatException(
                    $"'{name}' has the entry '{entry}', which a model file of format version 1 doesn't have. "
                    + "It was changed after it was exported: export the model again.");
            }
            if (!card.Entries.ContainsKey(entry))
            {
                throw new SwanFormatException(
                    $"The card of '{name}' doesn't list the SHA-256 of '{entry}'. The file was changed after it was "
                    + "exported: export the model again.");
            }
        }
        return new SwanModelFile(name, card, entries);
    }
}
