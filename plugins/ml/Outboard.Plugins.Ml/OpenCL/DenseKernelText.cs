using System.Text;
using Outboard.Plugins.Ml.Graph.Operations;

namespace Outboard.Plugins.Ml.OpenCL;

/// <summary>
/// The kernels of dense layers: y[row, n] = act(bias[n] + sum over k of x[row, k] * w[k, n]), with w and bias padded to
/// <see cref="DenseTile.PaddedColumns"/>. The sum runs over k in order in either form, so that they give the same bytes
/// and an inference does not depend on the batch around it.
/// </summary>
internal static class DenseKernelText
{
    private const string Arguments =
        """
            __global const float *restrict x, int x_offset, __global const float *restrict w, int w_offset,
            __global const float *restrict bias, int bias_offset, __global float *restrict y, int y_offset, int count
        """;

    /// <summary>Appends the form that the tile asks for.</summary>
    public static void Append(
        StringBuilder source, string name, DenseOperation dense, DenseTile tile, Activation? activation)
    {
        source.AppendLine($"__kernel __attribute__((reqd_work_group_size({tile.GroupX}, {tile.GroupY}, 1)))");
        source.AppendLine($"void {name}(").Append(Arguments).AppendLine(")").AppendLine("{");
        if (tile.UsesLocalMemory)
        {
            AppendLocal(source, dense, tile, activation);
        }
        else
        {
            AppendRegisters(source, dense, tile, activation);
        }
    }

    /// <summary>
    /// A group holds a tile of x and one of w in local memory for <see cref="DenseTile.Depth"/> steps of k at a
    /// time, and each item adds up its values in registers. Neighbouring items take neighbouring columns, which
    /// reads w in whole lines.
    /// </summary>
    private static void AppendLocal(StringBuilder source, DenseOperation dense, DenseTile tile, Activation? activation)
    {
        string result = activation is null ? "sum" : ActivationText.Of(activation, "sum", "float")!;
        string start = dense.Bias is null ? "0.0f" : $"bias[bias_offset + column0 + lx + c * {tile.GroupX}]";
        source.AppendLine($$"""
                __local float x_tile[{{DenseTile.Depth}}][{{tile.Rows}}];
                __local float w_tile[{{DenseTile.Depth}}][{{tile.Columns}}];
                int lx = (int)get_local_id(0), ly = (int)get_local_id(1);
                int item = ly * {{tile.GroupX}} + lx;
                int column0 = (int)get_group_id(0) * {{tile.Columns}}, row0 = (int)get_group_id(1) * {{tile.Rows}};
                float sums[{{tile.ItemRows}}][{{tile.ItemColumns}}];
                for (int c = 0; c < {{tile.ItemColumns}}; c++)
                {
                    float start = {{start}};
                    for (int r = 0; r < {{tile.ItemRows}}; r++)
                    {
                        sums[r][c] = start;
                    }
                }

                for (int k0 = 0; k0 < {{dense.K}}; k0 += {{DenseTile.Depth}})
                {
                    for (int t = item; t < {{DenseTile.Depth * tile.Rows}}; t += {{tile.GroupX * tile.GroupY}})
                    {
                        int k = t % {{DenseTile.Depth}}, r = t / {{DenseTile.Depth}};
                        bool is_inside = row0 + r < count && k0 + k < {{dense.K}};
                        x_tile[k][r] = is_inside ? x[x_offset + (row0 + r) * {{dense.K}} + k0 + k] : 0.0f;
                    }

                    for (int t = item; t < {{DenseTile.Depth * tile.Columns}}; t += {{tile.GroupX * tile.GroupY}})
                    {
                        int k = t / {{tile.Columns}}, c = t % {{tile.Columns}};
                        int place = w_offset + (k0 + k) * {{tile.PaddedColumns}} + column0 + c;
                        w_tile[k][c] = k0 + k < {{dense.K}} ? w[place] : 0.0f;
                    }

                    barrier(CLK_LOCAL_MEM_FENCE);
                    for (int k = 0; k < {{DenseTile.Depth}}; k++)
                    {
                        for (int r = 0; r < {{tile.ItemRows}}; r++)
                        {
                            float value = x_tile[k][ly * {{tile.ItemRows}} + r];
                            for (int c = 0; c < {{tile.ItemColumns}}; c++)
                            {
                                sums[r][c] = fma(value, w_tile[k][lx + c * {{tile.GroupX}}], sums[r][c]);
                            }
                        }
                    }

                    barrier(CLK_LOCAL_MEM_FENCE);
                }

                for (int r = 0; r < {{tile.ItemRows}}; r++)
                {
                    int row = row0 + ly * {{tile.ItemRows}} + r;
                    for (int c = 0; c < {{tile.ItemColumns}}; c++)
                    {
                        int column = column0 + lx + c * {{tile.GroupX}};
                        if (row < count && column < {{dense.N}})
                        {
                            float sum = sums[r][c];
                            y[y_offset + row * {{dense.N}} + column] = {{result}};
                        }
                    }
                }
            }
            """);
    }

    /// <summary>
    /// An item holds a few rows of a vector of columns in registers and runs over k once. Rows past the end repeat
    /// the last one and are not stored.
    /// </summary>
    private static void AppendRegisters(
        StringBuilder source, DenseOperation dense, DenseTile tile, Activation? activation)
    {
        int width = tile.ItemColumns;
        string type = $"float{width}";
        string start = dense.Bias is null ? $"({type})(0.0f)" : $"vload{width}(0, bias + bias_offset + column)";
        source.AppendLine($$"""
                int column = (int)get_global_id(0) * {{width}}, row = (int)get_global_id(1) * {{tile.ItemRows}};
                if (row >= count)
                {
                    return;
                }

                x += x_offset;
                w += w_offset + column;
                y += y_offset + column;
                {{type}} start = {{start}};
            """);
        for (int r = 0; r < tile.ItemRows; r++)
        {
            source.AppendLine($"    __global const float *x{r} = x + min(row + {r}, count - 1) * {dense.K};");
            source.AppendLine($"    {type} sum{r} = start;");
        }

        source.AppendLine($"    for (int k = 0; k < {dense.K}; k++, w += {tile.PaddedColumns})").AppendLine("    {");
        source.AppendLine($"        {type} weights = vload{width}(0, w);");
        for (int r = 0; r < tile.ItemRows; r++)
        {
            source.AppendLine($"        sum{r} = fma(({type})(x{r}[k]), weights, sum{r});");
        }

        source.AppendLine("    }");
        for (int r = 0; r < tile.ItemRows; r++)
        {
            string result = activation is null ? $"sum{r}" : ActivationText.Of(activation, $"sum{r}", type)!;
            source.AppendLine($$"""

                    if (row + {{r}} < count)
                    {
                        sum{{r}} = {{result}};
                """);
            AppendStore(source, dense.N, width, r);
            source.AppendLine("    }");
        }

        source.AppendLine("}");
    }

    private static void AppendStore(StringBuilder source, int n, int width, int r)
    {
        string whole = $"vstore{width}(sum{r}, 0, y + (row + {r}) * {n});";
        if (n % width == 0)
        {
            source.AppendLine($"        {whole}");
            return;
        }

        source.AppendLine($$"""
                    if (column + {{width}} <= {{n}})
                    {
                        {{whole}}
                    }
                    else
                    {
                        float last[{{width}}];
                        vstore{{width}}(sum{{r}}, 0, last);
                        for (int c = 0; c < {{n % width}}; c++)
                        {
                            y[(row + {{r}}) * {{n}} + c] = last[c];
                        }
                    }
            """);
    }
}
