using System.Text;

namespace Outboard.Samples.TrainClassifier;

/// <summary>How often the model is right on a set of frames, class by class.</summary>
internal sealed class Evaluation
{
    private readonly int[,] _counts = new int[TrafficClasses.Count, TrafficClasses.Count];

    public Evaluation(Mlp model, Dataset data)
    {
        for (int i = 0; i < data.Count; i++)
        {
            _counts[(int)data.Classes[i], model.Predict(data.Features[i])]++;
        }
        Count = data.Count;
    }

    public int Count { get; }

    public int Right => Enumerable.Range(0, TrafficClasses.Count).Sum(c => _counts[c, c]);

    public double Accuracy => Right / (double)Count;

    /// <summary>A Markdown table: one row a true class, one column an answer, then recall and precision.</summary>
    public string Table()
    {
        StringBuilder text = new();
        text.Append("| truth \\ answer |").AppendJoin("", TrafficClasses.Names.Select(name => $" {name} |")).Append(" found | right of those named |\n");
        text.Append("|---|").Insert(text.Length, "---:|", TrafficClasses.Count + 2).Append('\n');
        for (int truth = 0; truth < TrafficClasses.Count; truth++)
        {
            int total = 0, named = 0;
            text.Append($"| {TrafficClasses.Names[truth]} |");
            for (int answer = 0; answer < TrafficClasses.Count; answer++)
            {
                text.Append($" {_counts[truth, answer]} |");
                total += _counts[truth, answer];
                named += _counts[answer, truth];
            }
            text.Append($" {Percent(_counts[truth, truth], total)} | {Percent(_counts[truth, truth], named)} |\n");
        }
        return text.ToString();
    }

    private static string Percent(int part, int whole) => whole == 0 ? "-" : $"{100.0 * part / whole:F1} %";
}
