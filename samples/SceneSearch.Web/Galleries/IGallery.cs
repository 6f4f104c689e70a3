using SceneSearch.Web.Maps;
using Swan.MLNet.ModelFiles;

namespace SceneSearch.Web.Galleries;

/// <summary>What is searched: an index of scenes, or one of images.</summary>
/// <remarks>Safe for concurrent use. Other processes may index meanwhile: every call answers by the index as it is.</remarks>
internal interface IGallery : IAsyncDisposable
{
    string Folder { get; }

    /// <summary>The model that it was made with; null: unknown.</summary>
    ModelIdentity? Model { get; }

    /// <summary>Windows, or images, that can be found.</summary>
    long Count { get; }

    /// <summary>What the operator should know at the start; null: nothing.</summary>
    string? Warning { get; }

    /// <summary>The maps; null for images, which lie on none.</summary>
    MapGroups? Maps { get; }

    Found Search(string text, ReadOnlyMemory<float> embedding, SearchScope scope, CancellationToken token);

    /// <exception cref="KeyNotFoundException">There is no such window or image.</exception>
    Found SearchLike(string key, SearchScope scope, CancellationToken token);

    /// <summary>What a picture of a key shows now, to tell whether a copy of it is current; null where there is none.</summary>
    string? StampOf(string key);

    /// <summary>A picture of a window or an image as WebP; null where there is none.</summary>
    /// <param name="key">Of the index: paths come from nowhere else.</param>
    /// <param name="side">Pixels of the longer side, at most.</param>
    /// <param name="token">Ends reading.</param>
    Task<byte[]?> DrawAsync(string key, int side, CancellationToken token);
}
