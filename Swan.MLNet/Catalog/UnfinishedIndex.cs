using Swan.MLNet.Search;

namespace Swan.MLNet;

/// <summary>The folder of an index that is being built; a failed build leaves it as it was.</summary>
/// <remarks>
/// It removes only what the build added, only while the right to write the index is held, and never rows. The index of another process, or
/// one that has rows by now, stays. What can't be removed also stays, because the caller is about to get the fault that ended the build.
/// </remarks>
internal sealed class UnfinishedIndex : IDisposable
{
    private readonly IndexFolder _folder;
    private readonly IReadOnlyList<string> _newFolders;
    private readonly string[] _newFiles;
    private readonly bool _newSegments;
    private bool _isKept;

    /// <summary>Looks at what is there before the build.</summary>
    /// <param name="folder">The index's.</param>
    public UnfinishedIndex(string folder)
    {
        _folder = new IndexFolder(folder);
        _newFolders = FilePath.MissingFolders(_folder.Path);
        _newSegments = !Directory.Exists(_folder.Segments);
        _newFiles = [.. new[] { _folder.Holder, _folder.Lock }.Where(file => !File.Exists(file))];
    }

    /// <summary>Whether this build has made the index, rather than found another's.</summary>
    public bool IsCreated { get; set; }

    /// <summary>The build has succeeded.</summary>
    public void Keep() => _isKept = true;

    /// <summary>Leaves the folder as it was, unless the index is kept.</summary>
    public void Dispose()
    {
        if (_isKept || !Directory.Exists(_folder.Path) || IsAnothers) return;
        try
        {
            Remove();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SwanException)
        {
            // Said above.
        }
    }

    private void Remove()
    {
        using (WriterLock.Take(_folder, WriterLock.ThisProgram))
        {
            if (File.Exists(_folder.Manifest))
            {
                if (IsAnothers || HasRows()) return;
                File.Delete(_folder.Manifest);
            }
            if (_newSegments && Directory.Exists(_folder.Segments))
            {
                _folder.RemoveAllBut(new HashSet<string>());
                Directory.Delete(_folder.Segments);
            }
            // The lock while it is held, so nobody else's is removed. Windows removes no file that is open.
            if (!OperatingSystem.IsWindows()) RemoveFiles();
        }
        if (OperatingSystem.IsWindows()) RemoveFiles();
        // Each only where nothing else is in it.
        foreach (string folder in _newFolders) Directory.Delete(folder);
    }

    private bool IsAnothers => !IsCreated && File.Exists(_folder.Manifest);

    private bool HasRows()
    {
        using SwanLiveIndex index = SwanLiveIndex.Open(_folder.Path);
        return index.Count > 0;
    }

    private void RemoveFiles()
    {
        foreach (string file in _newFiles) File.Delete(file);
    }
}
