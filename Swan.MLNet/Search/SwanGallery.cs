using Swan.MLNet.Imaging;
using Swan.MLNet.ModelFiles;

namespace Swan.MLNet.Search;

/// <summary>Embeddings with a key each, and the questions that can be asked about them: an index in memory, or one that lives in a folder.</summary>
/// <remarks>
/// Every answer is exact: nothing is missed, and nothing has to be tuned. Results come by falling score, equal scores by row, and the same
/// rows have scores of the same bits on every processor, whatever searches at the same time. A search takes as many threads as processors
/// are free (<see cref="Scheduling.SwanResources"/>), and searches that come at the same time share passes over memory. A gallery that
/// lives answers each question by its latest state. Safe for concurrent use.
/// </remarks>
public abstract partial class SwanGallery
{
    private protected SwanGallery()
    {
    }

    /// <summary>Rows that can be found.</summary>
    public abstract int Count { get; }

    /// <summary>D, the length of every embedding.</summary>
    public abstract int EmbeddingSize { get; }

    /// <summary>The model that made the embeddings, or null when nobody said. Queries of another model are refused.</summary>
    public abstract ModelIdentity? Model { get; }

    /// <summary>
    /// The range in which the images' samples were read, where the caller gave one; null where the model's rule held, where the rows are no
    /// images, or where nobody said. Images of another range are refused.
    /// </summary>
    public SampleRange? Range => GivenRange?.Range;

    internal abstract GivenRange? GivenRange { get; }

    /// <summary>Pins the latest state until <see cref="Leave"/>.</summary>
    internal abstract GalleryView Enter();

    /// <summary>Ends the use of a state.</summary>
    internal abstract void Leave(GalleryView view);
}
